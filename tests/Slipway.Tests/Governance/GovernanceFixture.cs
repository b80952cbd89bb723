using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Governance.Setup;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Registry;

namespace Slipway.Tests.Governance;

/// <summary>The verbs of governance over a registry and a store of files of their own, with their gate in place.</summary>
internal sealed class GovernanceFixture : IAsyncDisposable
{
    public const string Pickle = "cposix\nsystem\n(S'id'\ntR.";

    private readonly AccessBook book;
    private int places;

    private GovernanceFixture(RegistryFixture registry)
    {
        Registry = registry;
        var clock = TimeProvider.System;
        var events = new EventLog(clock);
        Blobs = registry.Blobs;
        book = new AccessBook(Db, clock);
        var files = new GovernedFiles(Blobs);
        Scans = new VersionScans(Db, registry.Versions, files, new JobBoard(clock), events, clock);
        Policies = new Policies(Db, events, clock);
        Approvals = new Approvals(Db, registry.Versions, registry.Aliases, Scans, events, clock);
        Signatures = new VersionSignatures(Db, registry.Versions, files, events, clock);
        var tracking = registry.Tracking;
        Cards = new ModelCards(Db, registry.Versions, registry.Models, tracking.Runs, events, clock);
        Boms = new ModelBom(Cards, registry.Versions, files, clock);
        var lineage = new ModelLineage(tracking.Runs, tracking.Experiments, tracking.Models, registry.Versions);
        Lineages = new Lineages(() => [lineage]);
        registry.Gates.Add(new PromotionRules(Scans, new Standings(book), () => Evidence, clock));
    }

    public RegistryFixture Registry { get; }

    public FolderBlobs Blobs { get; }

    public VersionScans Scans { get; }

    public Policies Policies { get; }

    public Approvals Approvals { get; }

    public VersionSignatures Signatures { get; }

    public ModelCards Cards { get; }

    public ModelBom Boms { get; }

    public Lineages Lineages { get; }

    public List<IEvaluationEvidence> Evidence { get; } = [];

    public Db Db => Registry.Tracking.Store.Db;

    /// <summary>Manages everything and answers for it.</summary>
    public Caller Reviewer { get; } = Caller.Operator();

    /// <summary>May do everything too, and registers what the tests are about.</summary>
    public Caller Author { get; } = new("ann", Caller.DefaultWorkspace, _ => Level.Manage);

    public static async Task<GovernanceFixture> OpenAsync(string kind = "sqlite") =>
        new(await RegistryFixture.OpenAsync(kind, clock: null, GovernanceSetup.Room));

    /// <summary>A version of the model 'fares', made by the author from these files.</summary>
    public async Task<int> RegisterAsync(params (string Path, string Text)[] files)
    {
        var place = $"{Registry.Tracking.ExperimentId}/r{++places}/artifacts/model";
        foreach (var (path, text) in files)
            await PutAsync($"{place}/{path}", text);
        if (places == 1)
            await Registry.Models.CreateAsync(Author, new NewRegisteredModel("fares"));
        var request = new NewModelVersion("fares", $"mlflow-artifacts:/{place}");
        return (await Registry.Versions.CreateAsync(Author, request)).Number;
    }

    public Task<int> RegisterSafeAsync() =>
        RegisterAsync(("MLmodel", "flavors: {}"), ("notes.txt", $"number {places}"));

    /// <summary>Changes a file of the version that was registered as the n-th.</summary>
    public Task ChangeAsync(int n, string path, string text) =>
        PutAsync($"{Registry.Tracking.ExperimentId}/r{n}/artifacts/model/{path}", text);

    public Task PromoteAsync(int version, string alias = "champion", Caller? by = null) =>
        Registry.Aliases.SetAsync(by ?? Author, "fares", alias, version);

    public Task ApproveAsync(int version, Caller? by = null) =>
        Approvals.DecideAsync(by ?? Reviewer, "fares", version, ApprovalStatus.Approved, "looked at it");

    public Task RejectAsync(int version) =>
        Approvals.DecideAsync(Reviewer, "fares", version, ApprovalStatus.Rejected, "it is wrong");

    public Task<int?> MeantByAsync(string alias = "champion") => Registry.MeantByAsync("fares", alias);

    public static async Task RefusesAsync(string code, Func<Task> act) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<Fault>(act)).Code);

    public async ValueTask DisposeAsync()
    {
        book.Dispose();
        await Registry.DisposeAsync();
    }

    private Task PutAsync(string path, string text) =>
        Blobs.PutAsync(BlobPath.Parse(path), new MemoryStream(Encoding.Latin1.GetBytes(text)));
}
