using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Registry.Setup;
using Slipway.Tests.Kit;
using Slipway.Tests.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tests.Registry;

/// <summary>The verbs of the registry on a store of their own.</summary>
internal sealed class RegistryFixture : IAsyncDisposable
{
    private readonly TestFolder folder = new();

    private RegistryFixture(TrackingFixture tracking, TimeProvider clock)
    {
        Tracking = tracking;
        Blobs = FolderBlobs.Open(folder.Path, TimeProvider.System);
        tracking.Claims.Add(new VersionClaim());
        var events = new EventLog(clock);
        var gates = new PromotionGates(() => Gates);
        Models = new RegisteredModels(tracking.Store.Db, tracking.Grants, new RowNumbers(clock), events, clock);
        Aliases = new Aliases(tracking.Store.Db, gates, events, clock);
        var survey = new VersionSurvey(tracking.Runs, tracking.Models, Blobs);
        Versions = new ModelVersions(tracking.Store.Db, gates, Aliases, survey, new JobBoard(clock), events, clock);
        Files = new ModelFiles(tracking.Store.Db, Blobs, new Artifacts(tracking.Store.Db, Blobs));
        Notes = new FileNotes(tracking.Store.Db, survey, events);
    }

    public TrackingFixture Tracking { get; }

    public RegisteredModels Models { get; }

    public ModelVersions Versions { get; }

    public Aliases Aliases { get; }

    public ModelFiles Files { get; }

    public FileNotes Notes { get; }

    public FolderBlobs Blobs { get; }

    /// <summary>Asked from the first promotion on.</summary>
    public List<IPromotionGate> Gates { get; } = [];

    public Caller Caller => Tracking.Caller;

    public static async Task<RegistryFixture> OpenAsync(string kind, TimeProvider? clock = null, params Room[] above) =>
        new(await TrackingFixture.OpenAsync(kind, [RegistrySetup.Room, .. above]), clock ?? TimeProvider.System);

    /// <summary>A model with this many versions.</summary>
    public async Task<string> RegisterAsync(string name, int versions = 0, params (string Key, string Value)[] tags)
    {
        await Models.CreateAsync(Caller, new NewRegisteredModel(name) { Tags = Pairs(tags) });
        for (var i = 0; i < versions; i++)
            await AddAsync(name);
        return name;
    }

    public async Task<int> AddAsync(string name, string source = "s3://bucket/model", params (string, string)[] tags) =>
        (await Versions.CreateAsync(Caller, new NewModelVersion(name, source) { Tags = Pairs(tags) })).Number;

    public async Task<int?> MeantByAsync(string name, string alias) =>
        (await Models.GetAsync(Caller, name)).Aliases.TryGetValue(alias, out var version) ? version : null;

    /// <summary>What was stated as facts, in order, with the payloads.</summary>
    public Task<List<(string Kind, string Subject, string Payload)>> EventsAsync() =>
        Tracking.Store.Db.ReadAsync(tx =>
            tx.Many(
                "select kind, subject_id, payload from foundation_events order by stamp, number",
                r => (r.Text(0), r.Text(1), r.Text(2))
            )
        );

    public async ValueTask DisposeAsync()
    {
        await Tracking.DisposeAsync();
        await Blobs.DisposeAsync();
        folder.Dispose();
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Pairs((string Key, string Value)[] tags) =>
        [.. tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))];
}
