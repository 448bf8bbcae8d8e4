"""Sends a film with tuspy; the token is in PAWL_TOKEN. It prints what becomes of it as a line of JSON.

python upload.py ENDPOINT FILE [PAUSE]

Chunks of 3 MB go with their checksums. With PAUSE it stops after so many bytes, and goes on as a new run would.
"""

import json
import os
import sys

from tusclient.client import TusClient

endpoint, film = sys.argv[1:3]
client = TusClient(endpoint, headers={"Authorization": f"Bearer {os.environ['PAWL_TOKEN']}"})
how = {
    "chunk_size": 3_000_000,
    "metadata": {"filename": os.path.basename(film)},
    "retries": 3,
    "retry_delay": 1,
    "upload_checksum": True,
}
uploader = client.uploader(film, **how)
if len(sys.argv) > 3:
    uploader.upload(stop_at=int(sys.argv[3]))
    uploader = client.uploader(film, url=uploader.url, **how)
uploader.upload()
print(json.dumps({"event": "done", "url": uploader.url}))
