/** A synthetic sensor row as the server sends it, shaped like API reference 3.4. */
export function sensorRow(id: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const name = (fields['computer_name'] as string | undefined) ?? 'WIN7PRO64';
  return {
    id,
    computer_name: name,
    computer_dns_name: `${name.toLowerCase()}.corp.example`,
    group_id: 1,
    os_type: 1,
    os_environment_display_string: 'Windows 7 Professional Service Pack 1, 64-bit',
    status: 'Online',
    network_isolation_enabled: false,
    is_isolating: false,
    supports_isolation: true,
    supports_cblr: true,
    last_checkin_time: '2018-02-06 12:44:33.883886-06:00',
    next_checkin_time: '2018-02-06 12:45:03.881351-06:00',
    registration_time: '2017-01-31 21:51:50.285876-06:00',
    boot_id: '38',
    build_version_string: '006.000.002.70329',
    network_adapters: '192.168.1.163,00155d019c08|',
    uninstalled: null,
    ...fields,
  };
}
