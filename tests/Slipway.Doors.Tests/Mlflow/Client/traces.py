"""Traces of an application with spans, tags and sessions, and what people and judges think of them."""

import mlflow
from mlflow import MlflowClient
from mlflow.entities import AssessmentSource, Feedback

client = MlflowClient()
experiment = mlflow.set_experiment("traces").experiment_id


@mlflow.trace(span_type="TOOL")
def double(x):
    return x * 2


@mlflow.trace(name="answer", span_type="CHAIN", attributes={"kind": "demo"})
def answer(x):
    mlflow.update_current_trace(tags={"user": "ada"}, metadata={"mlflow.trace.session": "s1"})
    with mlflow.start_span("model", span_type="LLM") as span:
        span.set_inputs({"prompt": "hello"})
        span.set_outputs("world")
        span.set_attribute("mlflow.chat.tokenUsage", {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7})
    return double(x)


for x in range(2):
    answer(x)
with mlflow.start_span("failed") as failed:
    failed.set_status("ERROR")
mlflow.flush_trace_async_logging()


def found(text=None):
    return mlflow.search_traces(locations=[experiment], filter_string=text, return_type="list")


traces = found("tags.user = 'ada'")
assert len(traces) == 2, traces
assert sorted(span.name for span in traces[0].data.spans) == ["answer", "double", "model"]
assert traces[0].info.token_usage == {"input_tokens": 3, "output_tokens": 4, "total_tokens": 7}
trace = traces[0].info.trace_id

feedback = mlflow.log_feedback(
    trace_id=trace, name="quality", value="good", rationale="short", source=AssessmentSource("HUMAN", "ada")
)
expected = mlflow.log_expectation(trace_id=trace, name="expected", value={"words": [1, 2]})
assert sorted(a.name for a in mlflow.get_trace(trace).info.assessments) == ["expected", "quality"]
mlflow.update_assessment(
    trace_id=trace, assessment_id=feedback.assessment_id, assessment=Feedback(name="quality", value="better")
)
assert mlflow.get_assessment(trace, feedback.assessment_id).value == "better"
mlflow.override_feedback(trace_id=trace, assessment_id=feedback.assessment_id, value="best", rationale="again")
mlflow.delete_assessment(trace_id=trace, assessment_id=expected.assessment_id)

for text, count in (
    ("trace.status = 'ERROR'", 1),
    ("tags.user = 'ada' OR trace.status = 'ERROR'", 3),
    ("trace.name LIKE 'ans%'", 2),
    ("metadata.`mlflow.trace.session` = 's1'", 2),
    ("span.name = 'model'", 2),
    ("span.type = 'LLM' AND tags.user = 'ada'", 2),
    ("feedback.quality = 'best'", 1),
    ("tags.nobody IS NULL", 3),
):
    assert len(found(text)) == count, (text, len(found(text)))

client.set_trace_tag(trace, "seen", "yes")
assert [t.info.trace_id for t in found("tags.seen = 'yes'")] == [trace]
client.delete_trace_tag(trace, "seen")
run = client.create_run(experiment, start_time=1).info.run_id
client.link_traces_to_run([trace], run)
assert [t.info.trace_id for t in mlflow.search_traces(run_id=run, locations=[experiment], return_type="list")] == [trace]
assert client.delete_traces(experiment, trace_ids=[trace]) == 1
assert len(found()) == 2
