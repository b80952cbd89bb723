using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Outbound;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Registry.Jobs;
using Slipway.Sdk;
using Slipway.Tests.Foundation.Events;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry.Jobs;

public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly ManualClock clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly OutboundClient outside = new(allowPrivate: true);
    private RegistryFixture registry = null!;
    private Receiver receiver = null!;
    private Webhooks webhooks = null!;
    private WebhookDelivery delivery = null!;

    public async ValueTask InitializeAsync()
    {
        registry = await RegistryFixture.OpenAsync("sqlite", clock);
        receiver = await Receiver.StartAsync();
        var secrets = new SecretBox(folder.Path);
        var (db, events, jobs) = (registry.Tracking.Store.Db, new EventLog(clock), new JobBoard(clock));
        var sender = new WebhookSender(outside, secrets, clock);
        webhooks = new Webhooks(db, outside, sender, secrets, jobs, new RowNumbers(clock), events, clock);
        delivery = new WebhookDelivery(db, sender, jobs, events, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await registry.DisposeAsync();
        outside.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task What_happens_to_a_model_is_told_in_order_and_signed()
    {
        await HookAsync("s3cret", "REGISTERED_MODEL.CREATED", "MODEL_VERSION.CREATED", "MODEL_VERSION_ALIAS.CREATED");
        await registry.RegisterAsync("boats", versions: 1);
        await registry.Aliases.SetAsync(registry.Caller, "boats", "champion", 1);

        await WorkAsync();

        Assert.Equal(
            ["registered_model.created", "model_version.created", "model_version_alias.created"],
            receiver.Requests.Select(Topic)
        );
        foreach (var request in receiver.Requests)
        {
            var signed =
                $"{request.Headers["X-MLflow-Delivery-Id"]}.{request.Headers["X-MLflow-Timestamp"]}.{request.Body}";
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), Encoding.UTF8.GetBytes(signed));
            Assert.Equal($"v1,{Convert.ToBase64String(mac)}", request.Headers["X-MLflow-Signature"]);
        }
        using var last = JsonDocument.Parse(receiver.Requests.Last().Body);
        Assert.Equal(
            """{"name":"boats","alias":"champion","version":"1"}""",
            last.RootElement.GetProperty("data").GetRawText()
        );
    }

    [Fact]
    public async Task Prompts_have_topics_of_their_own_and_nothing_is_told_that_nobody_asked_for()
    {
        await HookAsync(null, "PROMPT.CREATED", "PROMPT_VERSION.CREATED");
        await registry.RegisterAsync("boats", versions: 1);
        await registry.RegisterAsync("greeting", 0, ("mlflow.prompt.is_prompt", "true"), ("team", "a"));

        await WorkAsync();

        using var told = JsonDocument.Parse(Assert.Single(receiver.Requests).Body);
        Assert.Equal("prompt", told.RootElement.GetProperty("entity").GetString());
        Assert.Equal(
            """{"name":"greeting","tags":{"team":"a"},"description":null}""",
            told.RootElement.GetProperty("data").GetRawText()
        );
        Assert.False(receiver.Requests.Single().Headers.ContainsKey("X-MLflow-Signature"));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_asked_again_and_what_follows_waits_its_turn()
    {
        await HookAsync(null, "MODEL_VERSION.CREATED");
        await registry.RegisterAsync("boats", versions: 3);
        var answers = new Queue<int>([500, 503, 200, 429, 200, 200]);
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        };

        for (var round = 0; round < 20; round++)
        {
            await WorkAsync();
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(["1", "1", "1", "2", "2", "3"], receiver.Requests.Select(Version));
        Assert.Equal(["1", "2", "3", "1", "2", "1"], receiver.Requests.Select(r => r.Headers["X-Slipway-Attempt"]));
        Assert.Equal(3, receiver.Requests.Select(r => r.Headers["X-MLflow-Delivery-Id"]).Distinct().Count());
    }

    [Fact]
    public async Task A_server_that_dies_between_sending_and_noting_it_sends_again_under_the_same_id()
    {
        await HookAsync(null, "MODEL_VERSION.CREATED");
        await registry.RegisterAsync("boats", versions: 2);
        await HearAsync();
        var abandoned = Assert.Single(await ClaimAsync());
        var db = registry.Tracking.Store.Db;
        // Another server takes the job over while the first is still waiting for its answer.
        Job? taken = null;
        receiver.Answer = async (_, _) =>
            taken ??= (
                await db.WriteAsync(tx =>
                    JobStore.Claim(tx, [abandoned.Kind], [new Heartbeat(abandoned.Id, 1)], long.MaxValue, 1)
                )
            ).Single();

        var fault = await Assert.ThrowsAsync<Fault>(() => delivery.Kind.Work(abandoned, default));
        await delivery.Kind.Work(taken!, default);
        await db.WriteAsync(tx => JobStore.Remove(tx, taken!));
        await WorkAsync();

        Assert.Equal("job.taken_over", fault.Code);
        Assert.Equal(["1", "1", "2"], receiver.Requests.Select(Version));
        var ids = receiver.Requests.Select(r => r.Headers["X-MLflow-Delivery-Id"]).ToList();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[1], ids[2]);
    }

    [Fact]
    public async Task A_receiver_that_stays_away_for_three_days_is_given_up_and_can_be_told_by_hand_later()
    {
        var hook = await HookAsync(null, "MODEL_VERSION.CREATED");
        await registry.RegisterAsync("boats", versions: 2);
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await WorkAsync();
        Assert.Equal(DeliveryState.Waiting, (await DeliveriesAsync(hook))[^1].State);

        clock.Advance(TimeSpan.FromDays(4));
        await WorkAsync();
        receiver.Answer = (_, _) => Task.CompletedTask;
        clock.Advance(TimeSpan.FromHours(1));
        await WorkAsync();

        var deliveries = await DeliveriesAsync(hook);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Dead], deliveries.Select(d => d.State));
        Assert.Equal("The receiver answered 500.", deliveries[1].Failure);

        await webhooks.RedeliverAsync(registry.Caller, hook.Id, deliveries[1].Position);
        await WorkAsync();
        Assert.All(await DeliveriesAsync(hook), d => Assert.Equal(DeliveryState.Delivered, d.State));
        Assert.Equal("1", Version(receiver.Requests.Last()));
    }

    [Fact]
    public async Task What_is_told_again_by_hand_waits_for_what_is_under_way()
    {
        var hook = await HookAsync(null, "MODEL_VERSION.CREATED");
        await registry.RegisterAsync("boats", versions: 1);
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await WorkAsync();
        clock.Advance(TimeSpan.FromDays(4));
        await WorkAsync();
        await registry.AddAsync("boats");
        await registry.AddAsync("boats");
        await HearAsync();
        receiver.Answer = (_, _) => Task.CompletedTask;

        await webhooks.RedeliverAsync(registry.Caller, hook.Id, (await DeliveriesAsync(hook))[^1].Position);
        clock.Advance(TimeSpan.FromHours(1));
        var underWay = await ClaimAsync();
        Assert.Single(underWay);
        await delivery.Kind.Work(underWay[0], default);
        await WorkAsync();

        Assert.Equal(["2", "1", "3"], receiver.Requests.Skip(2).Select(Version));
        Assert.All(await DeliveriesAsync(hook), d => Assert.Equal(DeliveryState.Delivered, d.State));
    }

    [Fact]
    public async Task A_dead_receiver_is_asked_once_however_much_waits_for_it()
    {
        await HookAsync(null, "REGISTERED_MODEL.CREATED");
        for (var i = 0; i < 20; i++)
            await registry.RegisterAsync($"model-{i}");
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await WorkAsync();
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task A_secret_is_stored_sealed_and_never_given_out()
    {
        var hook = await HookAsync("very-secret-word", "MODEL_VERSION.CREATED");
        var stored = await registry.Tracking.Store.Db.ReadAsync(tx =>
            tx.One("select secret from registry_webhooks", r => r.Text(0))
        );
        Assert.DoesNotContain("very-secret-word", stored + hook, StringComparison.Ordinal);
        Assert.Equal("very-secret-word", new SecretBox(folder.Path).Open(stored!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("secret.key")));
        using var elsewhere = new TestFolder();
        var fault = Assert.Throws<Fault>(() => new SecretBox(elsewhere.Path).Open(stored!));
        Assert.Equal("secret.other_key", fault.Code);
        Assert.Empty(Directory.EnumerateFiles(elsewhere.Path));
    }

    [Fact]
    public async Task A_trial_says_what_came_back_but_not_where_a_redirect_leads()
    {
        var hook = await HookAsync(null, "MODEL_VERSION.CREATED");
        receiver.Answer = (_, http) => http.Response.WriteAsync("got it");
        Assert.Equal(new WebhookTrial(200, "got it", null), await webhooks.TryAsync(registry.Caller, hook.Id));

        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 302;
            http.Response.Headers.Location = "http://127.0.0.1:1/";
            return http.Response.WriteAsync("inside");
        };
        var trial = await webhooks.TryAsync(registry.Caller, hook.Id, WebhookTopic.Parse("PROMPT_TAG.SET"));
        Assert.Equal((false, (string?)null), (trial.Succeeded, trial.Body));
        Assert.Contains("\"key\":\"example_key\"", receiver.Requests.Last().Body, StringComparison.Ordinal);
    }

    private Task<Webhook> HookAsync(string? secret, params string[] topics) =>
        webhooks.CreateAsync(
            registry.Caller,
            new NewWebhook("hook", receiver.Url, [.. topics.Select(WebhookTopic.Parse)]) { Secret = secret }
        );

    private Task<IReadOnlyList<Delivery>> DeliveriesAsync(Webhook hook) =>
        webhooks.DeliveriesAsync(registry.Caller, hook.Id, before: null, limit: 100);

    /// <summary>What the pump and the runner of jobs do in a server, until nothing is due any more.</summary>
    private async Task WorkAsync()
    {
        await HearAsync();
        var db = registry.Tracking.Store.Db;
        while (await ClaimAsync() is { Count: > 0 } jobs)
        {
            foreach (var job in jobs)
            {
                try
                {
                    await delivery.Kind.Work(job, default);
                    await db.WriteAsync(tx => JobStore.Remove(tx, job));
                }
                catch (Fault fault)
                {
                    var due = clock.GetUtcNow() + fault.RetryAfter!.Value;
                    await db.WriteAsync(tx =>
                        JobStore.PutBack(
                            tx,
                            job,
                            due.ToUnixTimeMilliseconds(),
                            clock.GetUtcNow().ToUnixTimeMilliseconds(),
                            job.Failures + 1,
                            fault.Message
                        )
                    );
                }
            }
        }
    }

    private async Task HearAsync()
    {
        await Sealing.AllAsync(registry.Tracking.Store.Db);
        await EventDelivery.DeliverAsync(registry.Tracking.Store.Db, delivery.Subscription, 100);
    }

    private Task<List<Job>> ClaimAsync() =>
        registry.Tracking.Store.Db.WriteAsync(tx =>
            JobStore.Claim(tx, [delivery.Kind.Name], [], clock.GetUtcNow().ToUnixTimeMilliseconds(), 100)
        );

    private static string Topic(Received request)
    {
        using var message = JsonDocument.Parse(request.Body);
        return $"{message.RootElement.GetProperty("entity").GetString()}.{message.RootElement.GetProperty("action").GetString()}";
    }

    private static string Version(Received request)
    {
        using var message = JsonDocument.Parse(request.Body);
        return message.RootElement.GetProperty("data").GetProperty("version").GetString()!;
    }
}
