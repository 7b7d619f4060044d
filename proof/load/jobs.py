"""Live Response jobs for many hosts at once through the vendor's own scheduler (ten workers, its own default), unchanged.

Usage: jobs.py CREDENTIALS_FILE PROCESS_NAME HOSTS; sensors are 1 to HOSTS. Prints one JSON line when it begins and one when
every job has ended. Each job does what the vendor's example does on one host: list, kill what has the name.
"""
import json
import logging
import sys
import time
from concurrent.futures import wait

from cbapi.response import CbResponseAPI

logging.disable(logging.CRITICAL)
credentials, process_name, hosts = sys.argv[1], sys.argv[2], int(sys.argv[3])
cb = CbResponseAPI(credential_file=credentials, profile="simulator")
scheduler = cb.live_response


def job(session):
    victims = [p["pid"] for p in session.list_processes() if p["path"].split("\\")[-1] == process_name]
    return sum(1 for pid in victims if session.kill_process(pid))


started = time.time()
print(json.dumps({"started": started * 1000}), flush=True)
futures = [scheduler.submit_job(job, sensor) for sensor in range(1, hosts + 1)]
wait(futures)
failed = [repr(f.exception()) for f in futures if f.exception() is not None]
killed = sum(f.result() for f in futures if f.exception() is None)
print(json.dumps({"ended": time.time() * 1000, "killed": killed, "failed": failed}), flush=True)
time.sleep(2)  # sessions that are being closed
