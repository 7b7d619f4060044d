import type { ClientRequest } from 'node:http';
import type { AgentOptions } from 'node:https';
import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';

type Connect = HttpsProxyAgent<string>['connect'];

/**
 * A tunnel to the server through a proxy. HttpsProxyAgent takes its TLS options for the proxy alone and would check the
 * server behind it by the system's authorities, whatever was configured: they are given to the inner connection here.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  readonly #server: AgentOptions;

  constructor(proxy: URL, options: { keepAlive: boolean; timeout: number }, server: AgentOptions) {
    super(proxy, options);
    this.#server = server;
  }

  override connect(req: ClientRequest, options: Parameters<Connect>[1]): ReturnType<Connect> {
    // The inner connection is made without a host: an address would be compared as 'localhost'.
    const checkHost = (_: string, certificate: PeerCertificate): Error | undefined =>
      checkServerIdentity(options.host ?? '', certificate);
    const inner = { ...options, checkServerIdentity: checkHost, ...this.#server };
    return super.connect(req, inner);
  }
}
