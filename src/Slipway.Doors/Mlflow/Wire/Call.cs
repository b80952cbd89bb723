using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>What a handler answers: writes the JSON of a 200, or nothing for the empty object.</summary>
internal delegate void Answer(Utf8JsonWriter writer);

/// <summary>An endpoint of the door: takes a call apart, calls a verb of the house, shapes what it returns.</summary>
internal delegate Task<Answer> Handler(Call call);

/// <summary>One request to the door, with who asks and the fields they sent.</summary>
internal sealed class Call(HttpContext http, WireObject fields)
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static readonly Answer Empty = _ => { };

    public HttpContext Http => http;

    public WireObject Fields => fields;

    public Caller Caller { get; } = Caller.Of(http.User);

    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>A part of the path, such as the id in /traces/{id}.</summary>
    public string Route(string name) =>
        // The server leaves an escaped slash as it is, so that it does not part the path.
        ((string)http.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers a request whose fields stand in its body, or in its query where it has no body.</summary>
    public static async Task AnswerAsync(
        HttpContext http,
        Handler handler,
        Request? request = null,
        bool bareNumbers = false
    )
    {
        using var body = await RequestBody.ReadAsync(http);
        using var document = body.Parse(bareNumbers);
        var fields = (document, request) switch
        {
            (null, null) => new WireObject(http.Request.Query),
            (null, _) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
                ? request.Read(http.Request.Query)
                : request.Read(Request.Nothing),
            (_, null) => new WireObject(document.RootElement),
            _ => request.Read(document.RootElement),
        };
        var answer = await handler(new Call(http, fields));
        await WriteAsync(http, StatusCodes.Status200OK, answer);
    }

    public static async Task WriteAsync(HttpContext http, int status, Answer answer)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await using (var writer = new Utf8JsonWriter(http.Response.BodyWriter, WriterOptions))
        {
            writer.WriteStartObject();
            answer(writer);
            writer.WriteEndObject();
        }
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}

/// <summary>The bytes of a request's body, borrowed until disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Far above what any JSON call of a client sends; artifacts are streamed and never pass here.</summary>
    private const int Limit = 32 << 20;

    // Of two fields by one name, one reader takes the first and another the last: what was checked may not be what is done.
    private static readonly JsonDocumentOptions ParseOptions = new()
    {
        MaxDepth = 64,
        AllowDuplicateProperties = false,
    };

    private readonly byte[] bytes;
    private readonly int length;

    private RequestBody(byte[] bytes, int length)
    {
        this.bytes = bytes;
        this.length = length;
    }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, length);

    public static async Task<RequestBody> ReadAsync(HttpContext http)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.ContentLength == 0)
            return new RequestBody([], 0);
        if (request.ContentLength > Limit)
            throw TooLong();
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            if (result.Buffer.Length > Limit)
                throw TooLong();
            if (result.IsCompleted)
            {
                var received = (int)result.Buffer.Length;
                var copy = ArrayPool<byte>.Shared.Rent(received);
                result.Buffer.CopyTo(copy);
                reader.AdvanceTo(result.Buffer.End);
                var body = new RequestBody(copy, received);
                body.Require(request);
                return body;
            }
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The object in the body; null where there is none. Calls that carry metrics see bare numbers through.</summary>
    public JsonDocument? Parse(bool bareNumbers = false)
    {
        if (length == 0)
            return null;
        try
        {
            var document = ParseDocument(bareNumbers);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw Malformed("a JSON object is wanted");
        }
        catch (JsonException e)
        {
            throw Malformed($"line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}");
        }
    }

    private JsonDocument ParseDocument(bool bareNumbers)
    {
        try
        {
            return JsonDocument.Parse(bytes.AsMemory(0, length), ParseOptions);
        }
        catch (JsonException) when (bareNumbers && BareNumbers.Quote(Span) is { } quoted)
        {
            return JsonDocument.Parse(quoted, ParseOptions);
        }
    }

    public void Dispose()
    {
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
    }

    internal static Fault Malformed(string where) =>
        Fault.Invalid("mlflow.json", $"The body of the request is not valid JSON: {where}.");

    /// <summary>What is no Unicode would be stored as something else than was sent, or refused only where it is looked at.</summary>
    private void Require(HttpRequest request)
    {
        if (length == 0)
            return;
        if (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method))
            RequireJson(request);
        if (!Utf8.IsValid(Span))
            throw Malformed("it is not UTF-8");
    }

    private static void RequireJson(HttpRequest request)
    {
        var type = request.ContentType;
        if (string.IsNullOrEmpty(type))
            throw Fault.Invalid("mlflow.content_type", "Bad Request. Content-Type header is missing.");
        if (type.AsSpan(0, type.IndexOf(';') is var end and >= 0 ? end : type.Length) is not "application/json")
            throw Fault.Invalid(
                "mlflow.content_type",
                "Bad Request. Content-Type must be one of ['application/json']."
            );
    }

    private static Fault TooLong() =>
        Fault.Invalid("mlflow.too_long", $"The body of the request exceeds {Limit} bytes.");
}
