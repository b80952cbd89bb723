using Slipway.Foundation.Blobs;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Blobs;

public sealed class S3LocationTests
{
    [Fact]
    public void An_address_names_bucket_prefix_and_the_way_there()
    {
        var location = S3Location.Parse(
            "s3://bucket/team/slipway/?endpoint=https%3A%2F%2Fs3.example%3A9000&region=eu-1&access_key_id=A&secret_access_key=b%2Bc"
        );

        Assert.Equal(("bucket", "team/slipway"), (location.Bucket, location.Prefix));
        Assert.Equal(("https://s3.example:9000", "eu-1"), (location.Endpoint, location.Region));
        Assert.Equal(("A", "b+c"), (location.AccessKeyId, location.SecretAccessKey));
    }

    [Fact]
    public void An_address_is_shown_without_its_key()
    {
        Assert.Equal("s3://b/p", BlobsAddress.WithoutSecrets("s3://b/p?access_key_id=A&secret_access_key=B"));
        Assert.Equal("/data/what?", BlobsAddress.WithoutSecrets("/data/what?"));
    }

    [Fact]
    public void What_an_address_leaves_out_is_left_to_the_environment()
    {
        var location = S3Location.Parse("s3://bucket");

        Assert.Equal(("bucket", ""), (location.Bucket, location.Prefix));
        Assert.Null(location.Endpoint ?? location.Region ?? location.AccessKeyId);
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///prefix")]
    [InlineData("s3://bucket/../other")]
    [InlineData("s3://bucket/a//b")]
    [InlineData("s3://bucket?endpoint=file:///etc")]
    [InlineData("s3://bucket?endpoint=host:9000")]
    [InlineData("s3://bucket?access_key_id=onlyhalf")]
    [InlineData("s3://bucket?password=topsecret")]
    public void An_address_that_cannot_be_meant_is_refused_without_repeating_it(string address)
    {
        var fault = Assert.Throws<Fault>(() => S3Location.Parse(address));

        Assert.Equal("setup.blobs_address", fault.Code);
        Assert.DoesNotContain("topsecret", fault.Message);
        Assert.DoesNotContain("onlyhalf", fault.Message);
    }
}
