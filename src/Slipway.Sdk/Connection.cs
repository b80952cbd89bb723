using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Sdk;

/// <summary>
/// Sends calls to one server and reads what it answers. A call that may be repeated without harm is sent again, after
/// growing waits of random length, while the server does not answer or says that it is busy; any other is sent once.
/// </summary>
internal sealed class Connection : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly SlipwayClientOptions options;

    public Connection(Uri address, SlipwayClientOptions options)
    {
        this.options = options;
        Address = address;
        http = new HttpClient(
            options.Handler
                ?? new SocketsHttpHandler
                {
                    ConnectTimeout = TimeSpan.FromSeconds(5),
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                },
            disposeHandler: options.Handler is null
        )
        {
            BaseAddress = address,
            // Each attempt has its own limit; a transfer of gigabytes has none.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.Authorization = Authorization(options);
        if (options.Workspace is not null)
            http.DefaultRequestHeaders.Add("X-Slipway-Workspace", options.Workspace);
        http.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("Slipway.Sdk", typeof(Connection).Assembly.GetName().Version?.ToString(3))
        );
    }

    public Uri Address { get; }

    public TimeProvider Clock => options.Clock;

    /// <summary>Makes a call and reads the record it is answered with.</summary>
    public Task<T> SendAsync<T>(Call call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        RepeatAsync(
            call.IsSentOnce,
            () => AttemptAsync(call, answer => ReadAsync(call, answer, type, cancellation), cancellation),
            cancellation
        );

    /// <summary>Makes a call whose answer says nothing.</summary>
    public Task SendAsync(Call call, CancellationToken cancellation) =>
        RepeatAsync(call.IsSentOnce, () => AttemptAsync(call, _ => Task.FromResult(true), cancellation), cancellation);

    /// <summary>Sends a request and gives the answer as soon as its head is there; faults for what is no success.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
                throw await Faults.ReadAsync(answer, cancellation);
            var opened = answer;
            answer = null;
            return opened;
        }
        catch (HttpRequestException e)
        {
            throw Faults.Unreachable(Address, e.Message);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    /// <summary>Records as they come, until the connection ends or breaks; faults when it cannot be opened.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        Call call,
        JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var answer = await OpenStreamAsync(call, cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var events = SseParser.Create(body, (_, data) => JsonSerializer.Deserialize(data, type));
        await using var reading = events.EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await MovesOnAsync(reading))
        {
            if (reading.Current.Data is { } record)
                yield return record;
        }
    }

    /// <summary>Does a transfer that may be repeated without harm, and again while the server is busy or away.</summary>
    public Task<T> RepeatAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation) =>
        RepeatAsync(once: false, attempt, cancellation);

    public void Dispose() => http.Dispose();

    private async Task<T> RepeatAsync<T>(bool once, Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (var failed = 0; ; failed++)
        {
            try
            {
                return await attempt();
            }
            catch (Fault fault)
                when (fault.Kind is FaultKind.Busy or FaultKind.Unavailable && !once && failed < options.Retries)
            {
                await Task.Delay(WaitAfter(fault, failed), options.Clock, cancellation);
            }
        }
    }

    private async Task<T> AttemptAsync<T>(
        Call call,
        Func<HttpResponseMessage, Task<T>> read,
        CancellationToken cancellation
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        try
        {
            using var request = new HttpRequestMessage(call.Method, call.Path) { Content = call.Body?.Invoke() };
            using var answer = await OpenAsync(request, limit.Token);
            await answer.Content.LoadIntoBufferAsync(limit.Token);
            return await read(answer);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Faults.Unreachable(Address, $"no answer within {options.Timeout.TotalSeconds:0} seconds.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Faults.Unreachable(Address, e.Message);
        }
    }

    private async Task<T> ReadAsync<T>(
        Call call,
        HttpResponseMessage answer,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, cancellation) ?? throw Unreadable(call);
        }
        catch (JsonException)
        {
            throw Unreadable(call);
        }
    }

    private Task<HttpResponseMessage> OpenStreamAsync(Call call, CancellationToken cancellation) =>
        RepeatAsync(
            call.IsSentOnce,
            async () =>
            {
                using var request = new HttpRequestMessage(call.Method, call.Path);
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
                return await OpenAsync(request, cancellation);
            },
            cancellation
        );

    private static async Task<bool> MovesOnAsync<T>(IAsyncEnumerator<T> reading)
    {
        try
        {
            return await reading.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Half of each wait is chance, so that clients that failed together do not come back together.</summary>
    internal static TimeSpan WaitAfter(Fault fault, int failed)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(failed, 10)) * (0.5 + (Random.Shared.NextDouble() / 2));
        if (fault.RetryAfter is { } asked && asked > wait)
            wait = asked;
        return wait < LongestWait ? wait : LongestWait;
    }

    private Fault Unreadable(Call call) =>
        Fault.Internal(
            "client.unreadable",
            $"What {Address.GetLeftPart(UriPartial.Authority)} answered to {call.Path.Split('?')[0]} is not what a Slipway server says.",
            "Check that the address is that of a Slipway server."
        );

    private static AuthenticationHeaderValue? Authorization(SlipwayClientOptions options) =>
        options.Token is not null ? new AuthenticationHeaderValue("Bearer", options.Token)
        : options.User is null ? null
        : new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}"))
        );
}

/// <summary>A call to be made: where to, and with what.</summary>
internal sealed record Call(HttpMethod Method, string Path)
{
    /// <summary>Makes the body anew for each attempt.</summary>
    public Func<HttpContent>? Body { get; private init; }

    /// <summary>The call makes something new each time, so it is not repeated when its answer is lost.</summary>
    public bool IsSentOnce { get; private init; }

    public static Call Get(string path) => new(HttpMethod.Get, path);

    public static Call Post(string path) => new(HttpMethod.Post, path);

    public static Call Put(string path) => new(HttpMethod.Put, path);

    public static Call Delete(string path) => new(HttpMethod.Delete, path);

    public static Call With<T>(HttpMethod method, string path, T record, JsonTypeInfo<T> type) =>
        new(method, path) { Body = () => JsonContent.Create(record, type) };

    public Call Once() => this with { IsSentOnce = true };
}
