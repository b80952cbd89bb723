using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Tracking.Actions;

public sealed class ArtifactsTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private TrackingFixture tracking = null!;
    private FolderBlobs blobs = null!;
    private Artifacts artifacts = null!;

    public async ValueTask InitializeAsync()
    {
        tracking = await TrackingFixture.OpenAsync("sqlite");
        blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        artifacts = new Artifacts(tracking.Store.Db, blobs);
    }

    public async ValueTask DisposeAsync()
    {
        await blobs.DisposeAsync();
        await tracking.DisposeAsync();
        folder.Dispose();
    }

    private string Mine => $"{tracking.ExperimentId}";

    [Fact]
    public async Task What_is_stored_at_a_place_is_read_through_the_run_it_belongs_to()
    {
        var run = await tracking.StartAsync();
        await PutAsync(Operator, At($"{Mine}/{run.Head.Id}/artifacts/model/weights.bin"), "w");

        Assert.Equal("w", await ReadAsync(Operator, OfRun(run, "model/weights.bin")));
        var listing = await artifacts.ListAsync(Operator, OfRun(run, "model"));
        Assert.Equal($"mlflow-artifacts:/{Mine}/{run.Head.Id}/artifacts", listing.RootUri);
        var entry = Assert.Single(listing.Entries);
        Assert.Equal("model/weights.bin", listing.RelativePath(entry));
        Assert.Equal(1, entry.SizeBytes);
    }

    [Fact]
    public async Task What_a_run_stores_lies_under_its_experiment()
    {
        var run = await tracking.StartAsync();

        await PutAsync(Operator, OfRun(run, "a.txt"), "text");

        Assert.Equal("text", await ReadAsync(Operator, At($"{Mine}/{run.Head.Id}/artifacts/a.txt")));
    }

    [Fact]
    public async Task A_logged_model_has_artifacts_of_its_own()
    {
        var model = await tracking.Models.CreateAsync(Operator, new NewLoggedModel(tracking.ExperimentId));
        var name = new ArtifactName.OfModel(model.Id, BlobPath.Parse("MLmodel"));

        await PutAsync(Operator, name, "flavors");

        Assert.Equal("flavors", await ReadAsync(Operator, name));
        Assert.Equal("flavors", await ReadAsync(Operator, At($"{Mine}/models/{model.Id}/artifacts/MLmodel")));
    }

    [Theory]
    [InlineData(Level.None, false, false, false)]
    [InlineData(Level.Read, true, false, false)]
    [InlineData(Level.Use, true, false, false)]
    [InlineData(Level.Edit, true, true, false)]
    [InlineData(Level.Manage, true, true, true)]
    public async Task The_experiment_decides_who_may_do_what(Level level, bool read, bool write, bool delete)
    {
        var run = await tracking.StartAsync();
        var place = At($"{Mine}/{run.Head.Id}/artifacts/a.txt");
        await PutAsync(Operator, place, "x");
        var caller = With(level, Resource.Experiment(Mine));

        foreach (var name in new[] { place, OfRun(run, "a.txt") })
        {
            await AllowedAsync(read, () => artifacts.OpenAsync(caller, name));
            await AllowedAsync(read, () => artifacts.FindAsync(caller, name));
            await AllowedAsync(read, () => artifacts.ListAsync(caller, name));
            await AllowedAsync(write, () => PutAsync(caller, name, "y"));
            await AllowedAsync(delete, () => artifacts.DeleteAsync(caller, name));
            await PutAsync(Operator, place, "x");
        }
        await DeniedBeforeUnsupportedAsync(write, () => artifacts.BeginUploadAsync(caller, place, 1));
        await DeniedBeforeUnsupportedAsync(write, () => artifacts.CompleteUploadAsync(caller, place, "u", []));
        await DeniedBeforeUnsupportedAsync(write, () => artifacts.AbortUploadAsync(caller, place, "u"));
        await DeniedBeforeUnsupportedAsync(read, () => artifacts.DownloadUrlAsync(caller, place));
    }

    [Fact]
    public async Task An_experiment_of_another_workspace_is_as_good_as_none()
    {
        var run = await tracking.StartAsync();
        var place = At($"{Mine}/{run.Head.Id}/artifacts/a.txt");
        await PutAsync(Operator, place, "secret");
        var stranger = Caller.Operator("stranger", "elsewhere");
        var nowhere = At($"4711/{run.Head.Id}/artifacts/a.txt");

        foreach (var name in new[] { place, nowhere })
        {
            Assert.Empty((await artifacts.ListAsync(stranger, name)).Entries);
            Assert.Equal("blob.not_found", await CodeAsync(() => artifacts.OpenAsync(stranger, name)));
            Assert.Equal("blob.not_found", await CodeAsync(() => artifacts.FindAsync(stranger, name)));
            Assert.Equal("artifact.no_experiment", await CodeAsync(() => PutAsync(stranger, name, "x")));
            Assert.Equal("artifact.no_experiment", await CodeAsync(() => artifacts.DeleteAsync(stranger, name)));
        }
        Assert.Equal("run.not_found", await CodeAsync(() => artifacts.OpenAsync(stranger, OfRun(run, "a.txt"))));
        Assert.Empty((await artifacts.ListAsync(stranger, At(""))).Entries);
        Assert.Equal("secret", await ReadAsync(Operator, place));
    }

    [Fact]
    public async Task The_root_shows_the_experiments_that_the_caller_may_see()
    {
        var run = await tracking.StartAsync();
        await PutAsync(Operator, OfRun(run, "a.txt"), "x");
        await PutAsync(Operator, At("0/run/artifacts/a.txt"), "x");
        await PutAsync(Operator, At("shared/a.txt"), "x");
        var some = new Caller(
            "some",
            Caller.DefaultWorkspace,
            r => r == Resource.Experiment(Mine) ? Level.None : Level.Read
        );

        Assert.Equal(["0", Mine, "shared"], await NamesAsync(Operator));
        Assert.Equal(["0", "shared"], await NamesAsync(some));
    }

    [Fact]
    public async Task What_belongs_to_no_experiment_belongs_to_the_workspace()
    {
        var reader = With(Level.Read, Resource.Workspace(Caller.DefaultWorkspace));

        await PutAsync(Operator, At("shared/a.txt"), "x");

        Assert.Equal("x", await ReadAsync(reader, At("shared/a.txt")));
        await AllowedAsync(false, () => PutAsync(reader, At("shared/b.txt"), "x"));
    }

    [Theory]
    [InlineData("file:///")]
    [InlineData("../../x")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("\\\\host\\share")]
    [InlineData("s3://other-bucket/x")]
    [InlineData("mlflow-artifacts://other-host/x")]
    public async Task Artifacts_kept_elsewhere_are_never_opened(string location)
    {
        var experiment = await tracking.Experiments.CreateAsync(Operator, "elsewhere", location, []);
        var run = await tracking.Runs.CreateAsync(Operator, new NewRun(experiment.Id));
        var name = OfRun(run, "etc/passwd");

        foreach (
            var call in new Func<Task>[]
            {
                () => artifacts.ListAsync(Operator, name),
                () => artifacts.OpenAsync(Operator, name),
                () => artifacts.FindAsync(Operator, name),
                () => PutAsync(Operator, name, "x"),
                () => artifacts.DeleteAsync(Operator, name),
            }
        )
            Assert.Equal("artifact.elsewhere", await CodeAsync(call));
        Assert.Empty(await NamesAsync(Operator));
    }

    [Fact]
    public async Task An_experiment_cannot_be_given_the_place_of_another()
    {
        var owner = With(Level.Edit, Resource.Experiment(Mine), Resource.Workspace(Caller.DefaultWorkspace));
        var other = With(Level.Edit, Resource.Workspace(Caller.DefaultWorkspace));
        var place = $"mlflow-artifacts:/{Mine}/inside";

        Assert.Equal("artifact.foreign_place", await CodeAsync(() => CreateAsync(other, "thief", place)));
        Assert.Equal(
            "artifact.foreign_place",
            await CodeAsync(() => CreateAsync(other, "squatter", "mlflow-artifacts:/4711"))
        );
        await CreateAsync(owner, "same hands", place);
        await CreateAsync(other, "shared place", "mlflow-artifacts:/shared");
    }

    [Theory]
    [InlineData("mlflow-artifacts:/shared")]
    [InlineData("mlflow-artifacts:///shared/deep")]
    [InlineData("mlflow-artifacts:/")]
    public async Task A_place_under_no_experiment_is_the_default_workspaces_own(string place)
    {
        var elsewhere = Caller.Operator(workspace: "elsewhere");

        Assert.Equal("artifact.foreign_workspace", await CodeAsync(() => CreateAsync(elsewhere, "reaching", place)));
        await CreateAsync(Operator, "at home", place);
    }

    [Fact]
    public async Task The_root_of_everything_is_neither_written_nor_deleted()
    {
        await PutAsync(Operator, At("shared/a.txt"), "x");

        Assert.Equal("blob.invalid_path", await CodeAsync(() => artifacts.DeleteAsync(Operator, At(""))));
        Assert.Equal("blob.invalid_path", await CodeAsync(() => PutAsync(Operator, At(""), "x")));
        Assert.Single(await NamesAsync(Operator));
    }

    private static Caller Operator => Caller.Operator();

    private static Caller With(Level level, params Resource[] on) =>
        new("somebody", Caller.DefaultWorkspace, resource => on.Contains(resource) ? level : Level.None);

    private static ArtifactName At(string path) => new ArtifactName.At(BlobPath.ParseFolder(path));

    private static ArtifactName OfRun(Run run, string path) =>
        new ArtifactName.OfRun(run.Head.Id, BlobPath.ParseFolder(path));

    private Task<Experiment> CreateAsync(Caller caller, string name, string location) =>
        tracking.Experiments.CreateAsync(caller, name, location, []);

    private Task<Blob> PutAsync(Caller caller, ArtifactName name, string text) =>
        artifacts.PutAsync(caller, name, new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private async Task<string> ReadAsync(Caller caller, ArtifactName name)
    {
        await using var content = await artifacts.OpenAsync(caller, name);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<string>> NamesAsync(Caller caller) =>
        [.. (await artifacts.ListAsync(caller, At(""))).Entries.Select(entry => entry.Path.Name)];

    private static async Task<string> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<Fault>(call)).Code;

    private static async Task AllowedAsync(bool allowed, Func<Task> call)
    {
        if (allowed)
            await call();
        else
            Assert.Equal("identity.denied", await CodeAsync(call));
    }

    private static async Task DeniedBeforeUnsupportedAsync(bool allowed, Func<Task> call) =>
        Assert.Equal(allowed ? "artifact.no_direct_transfer" : "identity.denied", await CodeAsync(call));
}
