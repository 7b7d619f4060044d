"""The blog's playbook on the vendor's own client, unchanged: isolate, list and kill, search, ban.

Usage: playbook.py CREDENTIALS_FILE HOSTNAME PROCESS_NAME; prints one JSON document of what the client saw.
"""
import json
import sys

from cbapi.response import BannedHash, CbResponseAPI, Process, Sensor

credentials, hostname, process_name = sys.argv[1:4]
cb = CbResponseAPI(credential_file=credentials, profile="simulator")
seen = {"version": cb.server_info["version"]}

sensor = next(
    found for found in cb.select(Sensor).where("hostname:" + hostname) if found.computer_name == hostname
)
seen["sensor"] = sensor.id
seen["isolated"] = sensor.isolate(timeout=30)

seen["killed"] = []
with sensor.lr_session() as session:
    for process in session.list_processes():
        if process["path"].split("\\")[-1] == process_name:
            assert session.kill_process(process["pid"])
            seen["killed"].append(process["proc_guid"])
    seen["left"] = [p["path"] for p in session.list_processes() if p["path"].endswith("\\" + process_name)]
    seen["folder"] = [entry["filename"] for entry in session.list_directory("c:\\program files\\evil sticky notes\\")]
    seen["file_size"] = len(session.get_file("c:\\program files\\evil sticky notes\\vnc.exe"))

query = cb.select(Process).where("process_name:%s hostname:%s" % (process_name, hostname)).group_by("id")
rows = list(query)
seen["found"] = sorted(row.id for row in rows)
seen["parents"] = sorted({row.parent.process_name for row in rows})
hashes = sorted({row.process_md5 for row in rows})
for md5 in hashes:
    ban = cb.create(BannedHash)
    ban.md5hash = md5
    ban.text = "banned by the fidelity test"
    ban.enabled = True
    ban.save()
seen["bans"] = {ban.md5hash: ban.enabled for ban in cb.select(BannedHash)}
seen["binary"] = rows[0].binary.signed
print(json.dumps(seen))
