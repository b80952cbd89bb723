using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// Asks a foreign MLflow server. It talks to the one host it was given and follows no redirects; an answer is bounded in
/// size and time; what fails for the moment is tried again, a little later each time.
/// </summary>
internal sealed class ServerClient : IDisposable
{
    private const int Attempts = 5;
    private const long LongestAnswerBytes = 256 << 20;
    private const long LongestFileBytes = 256L << 30;
    private static readonly TimeSpan SilencePatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly HttpClient http;
    private readonly TimeProvider clock;

    public ServerClient(Uri address, TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None }
        )
        {
            BaseAddress = new UriBuilder(address)
            {
                UserName = "",
                Password = "",
                Path = address.AbsolutePath.TrimEnd('/') + "/",
            }.Uri,
            MaxResponseContentBufferSize = LongestAnswerBytes,
            Timeout = TimeSpan.FromMinutes(2),
        };
        http.DefaultRequestHeaders.Authorization = Credentials(address);
    }

    public Task<JsonElement> GetAsync(string call, CancellationToken cancellation) =>
        JsonAsync(() => new HttpRequestMessage(HttpMethod.Get, call), cancellation);

    /// <summary>Goes through the pages of a search: all items that the answers have under this name.</summary>
    public async IAsyncEnumerable<JsonElement> SearchAsync(
        string call,
        JsonObject body,
        string items,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        while (true)
        {
            var page = await JsonAsync(
                () => new HttpRequestMessage(HttpMethod.Post, call) { Content = JsonContent.Create(body) },
                cancellation
            );
            foreach (var item in Items(page, items))
                yield return item;
            if (NextPage(page) is not { } token || token == (string?)body["page_token"])
                yield break;
            body["page_token"] = token;
        }
    }

    /// <summary>The items of all pages of a list.</summary>
    public async IAsyncEnumerable<JsonElement> ListAsync(
        string call,
        string items,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        string? token = null;
        while (true)
        {
            var page = await GetAsync(
                token is null ? call : $"{call}&page_token={Uri.EscapeDataString(token)}",
                cancellation
            );
            foreach (var item in Items(page, items))
                yield return item;
            if (NextPage(page) is not { } next || next == token)
                yield break;
            token = next;
        }
    }

    /// <summary>The content of a file; whoever reads it disposes of it.</summary>
    public async Task<Stream> OpenAsync(string call, CancellationToken cancellation)
    {
        var answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, call),
            HttpCompletionOption.ResponseHeadersRead,
            cancellation
        );
        return new BoundedStream(
            await answer.Content.ReadAsStreamAsync(cancellation),
            LongestFileBytes,
            SilencePatience,
            clock
        );
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> JsonAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        try
        {
            return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        }
        catch (JsonException)
        {
            throw Fault.Invalid(
                "import.answer",
                $"{http.BaseAddress} does not answer as an MLflow server does.",
                "--from"
            );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> request,
        HttpCompletionOption completion,
        CancellationToken cancellation
    )
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            string why;
            try
            {
                var answer = await http.SendAsync(request(), completion, cancellation);
                if (answer.IsSuccessStatusCode)
                    return answer;
                using (answer)
                {
                    if (!IsPassing(answer.StatusCode))
                        throw await RefusedAsync(answer, cancellation);
                    why = $"it answered {(int)answer.StatusCode}";
                    pause = answer.Headers.RetryAfter?.Delta is { } asked && asked < LongestPause ? asked : pause;
                }
            }
            catch (HttpRequestException e)
            {
                why = e.Message;
            }
            catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
            {
                why = "it did not answer in time";
            }
            if (attempt == Attempts)
                throw new Fault(
                    FaultKind.Unavailable,
                    "import.unreachable",
                    $"{http.BaseAddress} cannot be read: {why}.",
                    "Call the import again when it can: it goes on where it was."
                );
            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static bool IsPassing(HttpStatusCode status) =>
        status
            is HttpStatusCode.RequestTimeout
                or HttpStatusCode.TooManyRequests
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout;

    private async Task<Fault> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        const int ShownChars = 300;
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new Fault(
                FaultKind.Denied,
                "import.denied",
                $"{http.BaseAddress} refuses the import: {(int)answer.StatusCode}.",
                "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN."
            );
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return Fault.Invalid(
            "import.refused",
            $"{http.BaseAddress} answered {(int)answer.StatusCode}: {text[..Math.Min(text.Length, ShownChars)]}",
            "--from"
        );
    }

    private static IEnumerable<JsonElement> Items(JsonElement page, string items) =>
        page.ValueKind == JsonValueKind.Object
        && page.TryGetProperty(items, out var found)
        && found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray()
            : [];

    private static string? NextPage(JsonElement page) =>
        page.ValueKind == JsonValueKind.Object
        && page.TryGetProperty("next_page_token", out var token)
        && token.ValueKind == JsonValueKind.String
        && token.GetString() is { Length: > 0 } next
            ? next
            : null;

    /// <summary>What the address says, or the variables that MLflow's own clients read.</summary>
    private static AuthenticationHeaderValue? Credentials(Uri address)
    {
        static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
        var login =
            address.UserInfo.Length > 0 ? Uri.UnescapeDataString(address.UserInfo)
            : Variable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } user
                ? $"{user}:{Variable("MLFLOW_TRACKING_PASSWORD")}"
            : null;
        if (login is not null)
            return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        return Variable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token
            ? new AuthenticationHeaderValue("Bearer", token)
            : null;
    }
}
