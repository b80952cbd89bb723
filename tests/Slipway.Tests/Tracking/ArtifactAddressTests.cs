using Slipway.Foundation.Blobs;
using Slipway.Tracking;

namespace Slipway.Tests.Tracking;

public sealed class ArtifactAddressTests
{
    [Theory]
    [InlineData("mlflow-artifacts:/1/run/artifacts", "1/run/artifacts")]
    [InlineData("mlflow-artifacts:///1/run", "1/run")]
    [InlineData("mlflow-artifacts:/", "")]
    public void An_address_of_this_server_means_a_place(string address, string place) =>
        Assert.Equal(place, ArtifactAddress.Place(address)?.Value);

    [Theory]
    [InlineData("")]
    [InlineData("my_location")]
    [InlineData("../../x")]
    [InlineData("/etc")]
    [InlineData("file:///etc/passwd")]
    [InlineData("s3://bucket/1/run")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("\\\\host\\share")]
    [InlineData("mlflow-artifacts://other-host/1/run")]
    [InlineData("mlflow-artifacts:////etc")]
    [InlineData("mlflow-artifacts:/../etc")]
    [InlineData("mlflow-artifacts:/1/%2e%2e/2")]
    [InlineData("mlflow-artifacts:/1?x=1/run")]
    [InlineData("mlflow-artifacts:1/run")]
    [InlineData("mlflow-artifacts:/.slipway/uploads")]
    public void Any_other_address_means_none(string address) => Assert.Null(ArtifactAddress.Place(address));

    [Theory]
    [InlineData("12/run/artifacts", 12L)]
    [InlineData("0", 0L)]
    [InlineData("007/run", null)]
    [InlineData("+1/run", null)]
    [InlineData("1a/run", null)]
    [InlineData("dir/b.txt", null)]
    [InlineData("99999999999999999999/x", null)]
    public void The_first_segment_says_which_experiment_it_is(string place, long? experiment) =>
        Assert.Equal(experiment, ArtifactAddress.ExperimentOf(BlobPath.Parse(place)));
}
