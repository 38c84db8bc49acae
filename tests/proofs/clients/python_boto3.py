"""The small server answers whatever is asked for; the seconds go into the one query that there is."""
import boto3
import botocore
from proof import HOST, PORT, SILENCE, equal, pasted, run, waiting

config = pasted().get("CONFIG", botocore.config.Config(retries={"max_attempts": 0}))
# The answer of this proof is silent for longer than a caller would wait.
config = config.merge(botocore.config.Config(read_timeout=SILENCE + 60))
client = boto3.client("s3", config=config, endpoint_url=f"http://{HOST}:{PORT}", region_name="x",
                      aws_access_key_id="x", aws_secret_access_key="x")


def held():
    waiting()
    answer = client.get_object(Bucket="proof", Key="slow", VersionId=str(SILENCE))
    equal(answer["Body"].read(), b"ok\n")


run(held=held)
