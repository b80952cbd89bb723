using System.Reflection;
using Slipway.Sdk.Governance;
using Slipway.Sdk.Identity;
using Slipway.Sdk.Registry;
using Slipway.Sdk.Tracking;
using Slipway.Sdk.Tracking.Outgoing;

namespace Slipway.Sdk;

/// <summary>
/// A Slipway server, typed. One client serves a whole program and all its threads.
/// <code>
/// await using var client = new SlipwayClient("http://127.0.0.1:5000");
/// await using var run = await client.StartRunAsync("fares");
/// run.Param("learning_rate", 0.1);
/// for (var step = 0; step &lt; 100; step++)
///     run.Log("loss", Train(step), step);
/// await run.FinishAsync();
/// </code>
/// </summary>
public sealed class SlipwayClient : IAsyncDisposable
{
    private readonly Connection connection;
    private readonly SlipwayClientOptions options;
    private readonly CancellationTokenSource disposed = new();
    private readonly Lock gate = new();
    private Task? replaying;

    /// <summary>A client of the server at this address, such as <c>http://127.0.0.1:5000</c>.</summary>
    public SlipwayClient(string address, SlipwayClientOptions? options = null)
        : this(ReadAddress(address), options) { }

    /// <inheritdoc cref="SlipwayClient(string, SlipwayClientOptions?)"/>
    public SlipwayClient(Uri address, SlipwayClientOptions? options = null)
    {
        this.options = options ?? new SlipwayClientOptions();
        // A path in front of the server's own stays there only when it ends in a slash.
        connection = new Connection(new Uri(address.AbsoluteUri.TrimEnd('/') + "/"), this.options);
        Experiments = new ExperimentsClient(connection);
        Runs = new RunsClient(connection);
        LoggedModels = new LoggedModelsClient(connection);
        Models = new ModelsClient(connection);
        Users = new UsersClient(connection);
        Tokens = new TokensClient(connection);
        Grants = new GrantsClient(connection);
        Roles = new RolesClient(connection);
        Workspaces = new WorkspacesClient(connection);
        Webhooks = new WebhooksClient(connection);
        Governance = new GovernanceClient(connection);
    }

    /// <summary>The calls on experiments.</summary>
    public ExperimentsClient Experiments { get; }

    /// <summary>The calls on runs, each one request.</summary>
    public RunsClient Runs { get; }

    /// <summary>The calls on models that came out of training.</summary>
    public LoggedModelsClient LoggedModels { get; }

    /// <summary>The calls on registered models, their versions and aliases.</summary>
    public ModelsClient Models { get; }

    /// <summary>The calls on users.</summary>
    public UsersClient Users { get; }

    /// <summary>The calls on API tokens.</summary>
    public TokensClient Tokens { get; }

    /// <summary>The calls on what users were given.</summary>
    public GrantsClient Grants { get; }

    /// <summary>The calls on roles.</summary>
    public RolesClient Roles { get; }

    /// <summary>The calls on workspaces.</summary>
    public WorkspacesClient Workspaces { get; }

    /// <summary>The calls on webhooks.</summary>
    public WebhooksClient Webhooks { get; }

    /// <summary>The calls on what was found, decided and signed of registered versions.</summary>
    public GovernanceClient Governance { get; }

    /// <summary>The files of a run.</summary>
    public ArtifactsClient ArtifactsOfRun(string runId) => new(connection, RunsClient.PathOf(runId));

    /// <summary>The files of a logged model.</summary>
    public ArtifactsClient ArtifactsOfModel(string modelId) =>
        new(connection, $"api/v1/logged-models/{Uri.EscapeDataString(modelId)}");

    /// <summary>The files of a version of a registered model: those it was registered with, to be read only.</summary>
    public ArtifactsClient ArtifactsOfVersion(string name, int version) =>
        new(connection, ModelsClient.PathOf(name, version));

    /// <summary>
    /// The server that SLIPWAY_SERVER names (the one on this machine where it names none), with the token of
    /// SLIPWAY_TOKEN.
    /// </summary>
    public static SlipwayClient FromEnvironment(SlipwayClientOptions? options = null)
    {
        var address = Environment.GetEnvironmentVariable("SLIPWAY_SERVER") is { Length: > 0 } named
            ? named
            : "http://127.0.0.1:5000";
        var token = Environment.GetEnvironmentVariable("SLIPWAY_TOKEN") is { Length: > 0 } given ? given : null;
        options ??= new SlipwayClientOptions();
        return new SlipwayClient(address, options with { Token = options.Token ?? token });
    }

    /// <summary>
    /// Starts a run in the experiment of this name, which is made where there is none. What runs of earlier processes
    /// left on disk is sent in the background.
    /// </summary>
    public async Task<ActiveRun> StartRunAsync(
        string experiment,
        string? name = null,
        IReadOnlyDictionary<string, string>? tags = null,
        CancellationToken cancellation = default
    )
    {
        var startMs = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var create = new RunCreate
        {
            Experiment = experiment,
            Name = name,
            User = Environment.UserName,
            StartMs = startMs,
            Tags = WithSource(tags),
        };
        var id = RunsClient.NewId();
        ReplayInBackground();
        if (!options.Logging.StartWithoutServer)
        {
            await Runs.EnsureAsync(id, create, cancellation);
            return new ActiveRun(connection, options.Logging, id, startMs);
        }
        var run = new ActiveRun(connection, options.Logging, id, startMs);
        run.Start(create);
        return run;
    }

    /// <summary>Goes on with a run of an earlier process: it is running again, and logs to what it had.</summary>
    public async Task<ActiveRun> ResumeRunAsync(string runId, CancellationToken cancellation = default)
    {
        await SpoolReplay.SendAsync(connection, options.Logging.SpoolFolder, runId, cancellation);
        var run = await Runs.ChangeAsync(runId, new RunChange { Status = RunStatus.Running }, cancellation);
        return new ActiveRun(connection, options.Logging, runId, run.StartMs);
    }

    /// <summary>
    /// Runs work as a run of the experiment: finished when the work is done, killed when it was cancelled, failed when it
    /// threw, which it does here too.
    /// </summary>
    public async Task RunAsync(
        string experiment,
        Func<ActiveRun, Task> work,
        string? name = null,
        CancellationToken cancellation = default
    )
    {
        await using var run = await StartRunAsync(experiment, name, tags: null, cancellation);
        try
        {
            await work(run);
        }
        catch (OperationCanceledException)
        {
            await run.FinishAsync(RunStatus.Killed);
            throw;
        }
        await run.FinishAsync();
    }

    /// <summary>Sends what runs of earlier processes could not send, and tells what became of it.</summary>
    public Task<SpoolReport> SendSpooledAsync(CancellationToken cancellation = default) =>
        SpoolReplay.SendAsync(connection, options.Logging.SpoolFolder, runId: null, cancellation);

    /// <summary>Closes the connections. Runs are ended by themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await disposed.CancelAsync();
        if (replaying is { } task)
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        connection.Dispose();
        disposed.Dispose();
    }

    private void ReplayInBackground()
    {
        lock (gate)
            replaying ??= Task.Run(() => SendSpooledAsync(disposed.Token));
    }

    private static Dictionary<string, string> WithSource(IReadOnlyDictionary<string, string>? tags)
    {
        var all = new Dictionary<string, string> { ["mlflow.source.type"] = "LOCAL" };
        if (Assembly.GetEntryAssembly()?.GetName().Name is { } program)
            all["mlflow.source.name"] = program;
        foreach (var (key, value) in tags ?? new Dictionary<string, string>())
            all[key] = value;
        return all;
    }

    private static Uri ReadAddress(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw Fault.Invalid(
                "client.address",
                $"'{address}' is not the address of a server.",
                hint: "Write it as http://127.0.0.1:5000"
            );
}
