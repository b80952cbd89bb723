"""Runs a script of MLflow's client against a fresh server and writes down what went over the wire, one exchange a line.

    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 LOGNAME=ada python3 record.py training.py > training.jsonl

Run it in an empty folder, with nothing but the script, so that no path and no commit of yours is in what clients send.
Values that the server makes stand as {{names}}: whatever comes there first is expected again wherever the name returns.
"""

import base64
import json
import re
import runpy
import sys

import requests

exchanges = []
send = requests.adapters.HTTPAdapter.send


def recorded(self, request, **options):
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
        request.body.seek(0)
    response = send(self, request, **options)
    exchanges.append((request, body, response.status_code, response.headers.get("content-type", ""), response.content))
    return response


requests.adapters.HTTPAdapter.send = recorded
sys.argv = sys.argv[1:]
stdout, sys.stdout = sys.stdout, sys.stderr
runpy.run_path(sys.argv[0], run_name="__main__")

sent, names = "", {}
MADE = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def named(text):
    for value, name in names.items():
        text = text.replace(value, name)
    return text


def learn(text):
    for value in MADE.findall(text):
        if value not in sent and value not in names:
            names[value] = "{{id%d}}" % (len(names) + 1)
    return named(text)


def template(value, key=""):
    if isinstance(value, dict):
        made = value.get("key") == "mlflow.runName" and value["value"] not in sent
        return {k: template(v, "run_name" if made and k == "value" else k) for k, v in value.items()}
    if isinstance(value, list):
        return [template(v) for v in value]
    if isinstance(value, str):
        if key in ("tags", "records", "schema", "profile") and value[:1] in "{[":
            return json.dumps(template(json.loads(value)))
        if TIME.fullmatch(value) and value not in sent or key in ("digest",):
            return "{{any}}"
        if key == "next_page_token" or (key == "run_name" and value not in sent):
            names.setdefault(value, "{{id%d}}" % (len(names) + 1))
        return learn(value)
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**12 and str(value) not in sent:
        return "{{any}}"
    return value


for request, body, status, content_type, content in exchanges:
    body = body.encode() if isinstance(body, str) else body
    line = {"method": request.method, "path": named(request.path_url)}
    for header in ("content-type", "content-encoding", "x-mlflow-experiment-id"):
        if header in request.headers:
            line.setdefault("headers", {})[header] = request.headers[header]
    try:
        text = body.decode()
        sent += text + request.path_url
        if text:
            line["body"] = named(text)
    except UnicodeDecodeError:
        line["bytes"] = base64.b64encode(body).decode()
        sent += body.decode("latin-1")
    line["status"] = status
    if content_type.startswith("application/json"):
        line["answer"] = template(json.loads(content or "{}"))
    else:
        line["content"] = base64.b64encode(content).decode()
    print(json.dumps(line), file=stdout)
