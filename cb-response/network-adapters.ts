/** First address that is neither loopback nor empty in `ip,mac|ip,mac|` (API reference 3.4); null when there is none. */
export function firstRealAddress(adapters: string | null): string | null {
  for (const adapter of (adapters ?? '').split('|')) {
    const ip = adapter.split(',')[0]?.trim() ?? '';
    if (ip !== '' && !isLoopbackOrNone(ip)) return ip;
  }
  return null;
}

function isLoopbackOrNone(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1' || ip === '0.0.0.0' || ip === '::';
}
