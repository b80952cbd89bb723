using System.Security.Cryptography;
using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Storage;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracking;

namespace Slipway.Tests.Registry.Actions;

public sealed class ModelFilesTests
{
    private const string Described = """
        flavors:
          python_function: {loader_module: mlflow.sklearn}
          sklearn: {pickled_model: model.pkl}
        signature:
          inputs: '[{"type": "double", "name": "trips"}]'
          outputs: '[{"type": "double"}]'
          params: null
        """;

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_version_knows_the_digest_of_each_of_its_files(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var (run, version) = await RegisterAsync(fixture, ("b.bin", "abc"), ("a/w.bin", "xyz"));
        Assert.Equal(FilesState.Noted, version.FilesState);
        var files = await fixture.Files.ListAsync(fixture.Caller, "fares", 1);
        Assert.Equal(
            [new VersionFile("a/w.bin", 3, Sha256("xyz")), new VersionFile("b.bin", 3, Sha256("abc"))],
            files.Files
        );
        Assert.Equal(Sha256($"{Sha256("xyz")}  a/w.bin\n{Sha256("abc")}  b.bin\n"), files.Digest);
        Assert.Equal(version.Digest, files.Digest);
        Assert.Equal("xyz", await ReadAsync(fixture, 1, "a/w.bin"));
        Assert.Contains("model_version.noted", (await fixture.EventsAsync()).Select(e => e.Kind));
        // The same folder under the run's own address is the same place.
        var again = await fixture.Versions.CreateAsync(
            fixture.Caller,
            new NewModelVersion("fares", $"runs:/{run.Head.Id}/model")
        );
        Assert.Equal((version.Digest, $"runs:/{run.Head.Id}/model"), (again.Digest, again.ArtifactUri));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_lies_there_after_registration_is_not_the_version(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var (run, version) = await RegisterAsync(fixture, ("w.bin", "abc"), ("other.bin", "same length"));
        await PutAsync(fixture, run, "w.bin", "xyz");
        await PutAsync(fixture, run, "added.bin", "more");
        Assert.Equal(
            "registry.file_changed",
            (await Assert.ThrowsAsync<Fault>(() => ReadAsync(fixture, 1, "w.bin"))).Code
        );
        Assert.Equal(
            "blob.not_found",
            (await Assert.ThrowsAsync<Fault>(() => ReadAsync(fixture, 1, "added.bin"))).Code
        );
        Assert.Equal("same length", await ReadAsync(fixture, 1, "other.bin"));
        // A copy has what its original was registered with, and not what lies there now.
        await fixture.RegisterAsync("copy");
        var copy = await fixture.Versions.CreateAsync(fixture.Caller, new NewModelVersion("copy", "models:/fares/1"));
        Assert.Equal(version.Digest, copy.Digest);
        Assert.Equal("fares/1", (await fixture.Files.OriginAsync(fixture.Caller, "copy", 1)).CopiedFrom);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Whoever_may_read_the_model_reads_its_files_and_no_others_of_the_experiment(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var (_, version) = await RegisterAsync(fixture, ("w.bin", "abc"));
        await fixture.AddAsync("fares", version.Source[..^"/model".Length] + "/empty");
        var reader = new Caller(
            "ada",
            Caller.DefaultWorkspace,
            resource => resource == Resource.RegisteredModel("fares") ? Level.Read : Level.None
        );
        Assert.Equal("abc", await ReadAsync(fixture, 1, "w.bin", reader));
        Assert.Equal(FilesState.Missing, (await fixture.Versions.GetAsync(reader, "fares", 2)).FilesState);
        var fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync(fixture, 2, "w.bin", reader));
        Assert.Equal(FaultKind.Denied, fault.Kind);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_copy_of_files_that_were_not_noted_is_for_those_who_may_read_where_they_lie(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var (run, version) = await RegisterAsync(fixture);
        Assert.Equal(FilesState.Missing, version.FilesState);
        await PutAsync(fixture, run, "w.bin", "written later");
        await fixture.RegisterAsync("copy");
        var editor = new Caller(
            "ada",
            Caller.DefaultWorkspace,
            resource =>
                resource == Resource.RegisteredModel("fares") ? Level.Read
                : resource == Resource.RegisteredModel("copy") ? Level.Edit
                : Level.None
        );
        var copy = new NewModelVersion("copy", "models:/fares/1");
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.Versions.CreateAsync(editor, copy));
        Assert.Equal(FaultKind.Denied, fault.Kind);
        Assert.Equal(FilesState.Noted, (await fixture.Versions.CreateAsync(fixture.Caller, copy)).FilesState);
        // From now on they are noted, and whoever may read the version may have them.
        Assert.Equal(
            FilesState.Noted,
            (
                await fixture.Versions.CreateAsync(
                    new Caller(
                        "ada",
                        Caller.DefaultWorkspace,
                        resource => resource == Resource.RegisteredModel("copy") ? Level.Edit : Level.None
                    ),
                    new NewModelVersion("copy", "models:/copy/1")
                )
            ).FilesState
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Many_files_are_noted_by_a_job(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var files = Enumerable.Range(0, 1250).Select(i => ($"{i}.bin", $"content {i}")).ToArray();
        var (_, version) = await RegisterAsync(fixture, files);
        Assert.Equal((FilesState.Pending, (string?)null), (version.FilesState, version.Digest));
        var job = await fixture.Tracking.Store.Db.WriteAsync(tx => Claim(tx));
        // An attempt that was cut off left a part.
        await fixture.Tracking.Store.Db.WriteAsync(tx =>
            FileStore.Insert(tx, version, [new VersionFile("gone.bin", 1, Sha256("x"))])
        );
        await fixture.Notes.WorkAsync(job, CancellationToken.None);
        var noted = await fixture.Files.ListAsync(fixture.Caller, "fares", 1);
        Assert.Equal((FilesState.Noted, 1250), (noted.State, noted.Files.Count));
        Assert.Equal(noted.Digest, (await fixture.Versions.GetAsync(fixture.Caller, "fares", 1)).Digest);
        Assert.Equal("content 17", await ReadAsync(fixture, 1, "17.bin"));
        // Done again after a crash, it changes nothing.
        await fixture.Notes.WorkAsync(job, CancellationToken.None);
        Assert.Equal(noted.Files, (await fixture.Files.ListAsync(fixture.Caller, "fares", 1)).Files);
        // A copy has them all.
        await fixture.AddAsync("fares", "models:/fares/1");
        var copied = await fixture.Files.ListAsync(fixture.Caller, "fares", 2);
        Assert.Equal((noted.Digest, noted.State), (copied.Digest, copied.State));
        Assert.Equal(noted.Files, copied.Files);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_version_knows_where_it_comes_from_also_when_the_run_is_gone(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var run = await fixture.Tracking.StartAsync(
            "night run",
            0,
            new Entry("mlflow.source.name", "train.py"),
            new Entry("mlflow.source.git.commit", "c0ffee"),
            new Entry("mlflow.git.diff", "+1"),
            new Entry(VersionOrigin.PipelineRunTag, "p-7")
        );
        await fixture.Tracking.Runs.LogInputsAsync(
            fixture.Caller,
            run.Head.Id,
            [
                new DatasetInput(
                    new RunDataset("trips", "d1", "local", "trips.csv"),
                    [new Entry(DatasetInput.ContextTag, "train")]
                ),
            ],
            []
        );
        await PutAsync(fixture, run, "MLmodel", Described);
        await PutAsync(fixture, run, "requirements.txt", "scikit-learn==1.2.1\n");
        await fixture.RegisterAsync("fares");
        await fixture.Versions.CreateAsync(
            fixture.Caller,
            new NewModelVersion("fares", run.Head.ArtifactUri + "/model") { RunId = run.Head.Id }
        );
        await fixture.Tracking.Runs.DeleteAsync(fixture.Caller, run.Head.Id);
        var origin = await fixture.Files.OriginAsync(fixture.Caller, "fares", 1);
        Assert.Equal(("night run", "p-7"), (origin.RunName, origin.PipelineRunId));
        Assert.Equal(new CodeOrigin("train.py", null, null, "c0ffee", "+1"), origin.Code);
        Assert.Equal([new DatasetOrigin("trips", "d1", "local", "trips.csv", "train")], origin.Data);
        Assert.Equal(["python_function", "sklearn"], origin.Flavors);
        Assert.Equal("""[{"type":"double","name":"trips"}]""", origin.Signature!.Inputs);
        Assert.Null(origin.Signature.Params);
        Assert.Equal("scikit-learn==1.2.1\n", origin.Environment["requirements.txt"]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_baseline_is_laid_down_and_read_back(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("fares", versions: 1);
        Assert.Null(await fixture.Files.BaselineAsync(fixture.Caller, "fares", 1));
        await fixture.Files.SetBaselineAsync(fixture.Caller, "fares", 1, "{}");
        await fixture.Files.SetBaselineAsync(fixture.Caller, "fares", 1, """{"columns": []}""");
        Assert.Equal("""{"columns": []}""", await fixture.Files.BaselineAsync(fixture.Caller, "fares", 1));
    }

    private static async Task<(Run Run, ModelVersion Version)> RegisterAsync(
        RegistryFixture fixture,
        params (string Path, string Content)[] files
    )
    {
        var run = await fixture.Tracking.StartAsync();
        foreach (var (path, content) in files)
            await PutAsync(fixture, run, path, content);
        await fixture.RegisterAsync("fares");
        var source = run.Head.ArtifactUri + "/model";
        return (run, await fixture.Versions.CreateAsync(fixture.Caller, new NewModelVersion("fares", source)));
    }

    private static Task PutAsync(RegistryFixture fixture, Run run, string path, string content) =>
        fixture.Blobs.PutAsync(
            ArtifactAddress.Place(run.Head.ArtifactUri)!.Append($"model/{path}"),
            new MemoryStream(Encoding.UTF8.GetBytes(content))
        );

    private static async Task<string> ReadAsync(
        RegistryFixture fixture,
        int version,
        string path,
        Caller? caller = null
    )
    {
        await using var content = await fixture.Files.OpenAsync(
            caller ?? fixture.Caller,
            "fares",
            version,
            BlobPath.Parse(path)
        );
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    private static Job Claim(Tx tx) => JobStore.Claim(tx, ["registry.note_files"], [], long.MaxValue / 2, 1).Single();

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
