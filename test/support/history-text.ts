/** Everything a history holds as text, payloads decoded: for looking whether something is in it. */
export function historyText(history: unknown): string {
  const text = JSON.stringify(history);
  const payloads = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
    Buffer.from(data as string, 'base64').toString('utf8'),
  );
  return [text, ...payloads].join('\n');
}
