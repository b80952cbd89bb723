using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// Sends a blob as the file it is: in whole or one range of it, and never as a page of this server. Whatever it holds,
/// a browser saves it, does not guess what it is, and would run nothing in it.
/// </summary>
public sealed class BlobDownload(
    Func<CancellationToken, Task<Blob>> find,
    Func<ByteRange?, CancellationToken, Task<BlobContent>> open
)
{
    private const string Unit = "bytes=";

    /// <summary>False where a foreign protocol promises the whole to who asks for a range.</summary>
    public bool GivesRanges { get; init; } = true;

    private static readonly FileExtensionContentTypeProvider Types = new();

    /// <summary>The media type that a name's ending stands for.</summary>
    public static string TypeOf(string name) =>
        Types.TryGetContentType(name, out var type) ? type : "application/octet-stream";

    public async Task SendAsync(HttpContext http, string contentType)
    {
        var request = http.Request;
        var cancellation = http.RequestAborted;
        if (HttpMethods.IsHead(request.Method))
        {
            var blob = await find(cancellation);
            Describe(http.Response, blob, contentType);
            http.Response.ContentLength = blob.SizeBytes;
            return;
        }
        if (request.Headers.IfNoneMatch.Count > 0 && Matches(request.Headers.IfNoneMatch, await find(cancellation)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var range = await RangeAsync(request, cancellation);
        await using var content = await OpenAsync(http, range, cancellation);
        Describe(http.Response, content.Blob, contentType);
        http.Response.ContentLength = content.LengthBytes;
        if (range is not null)
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {content.Offset}-{content.Offset + content.LengthBytes - 1}/{content.Blob.SizeBytes}"
            );
        }
        await content.Stream.CopyToAsync(http.Response.Body, cancellation);
    }

    /// <summary>The range asked for; null for the whole. Several at once are refused: each could cost a read of everything.</summary>
    internal static ByteRange? ParseRange(StringValues header)
    {
        var text = header.ToString();
        if (!text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        if (text.Contains(','))
            throw BlobFaults.NoSuchRange();
        var ends = text[Unit.Length..].Trim().Split('-');
        // A range that cannot be read is as if there were none, says HTTP.
        if (ends.Length != 2 || !TryRead(ends[0], out var first) || !TryRead(ends[1], out var last))
            return null;
        return first is null && last is null || last < first ? null : new ByteRange(first, last);
    }

    private async Task<ByteRange?> RangeAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (ParseRange(request.Headers.Range) is not { } range || !GivesRanges)
            return null;
        var known = request.Headers.IfRange;
        return known.Count == 0 || Matches(known, await find(cancellation)) ? range : null;
    }

    private async Task<BlobContent> OpenAsync(HttpContext http, ByteRange? range, CancellationToken cancellation)
    {
        try
        {
            return await open(range, cancellation);
        }
        catch (Fault fault) when (fault.Code == BlobFaults.RangeCode)
        {
            var blob = await find(cancellation);
            http.Response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes */{blob.SizeBytes}"
            );
            throw;
        }
    }

    private void Describe(HttpResponse response, Blob blob, string contentType)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(blob.Path.Name);
        var headers = response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.AcceptRanges = GivesRanges ? "bytes" : "none";
        headers.CacheControl = "no-cache";
        headers.LastModified = DateTimeOffset
            .FromUnixTimeMilliseconds(blob.ModifiedMs)
            .ToString("r", CultureInfo.InvariantCulture);
        if (blob.Sha256 is not null)
            headers.ETag = Tag(blob);
        response.ContentType = contentType;
    }

    private static bool Matches(StringValues tags, Blob blob) =>
        blob.Sha256 is not null && tags.Any(tag => tag!.Contains(Tag(blob), StringComparison.Ordinal));

    private static string Tag(Blob blob) => $"\"{blob.Sha256}\"";

    private static bool TryRead(string text, out long? number)
    {
        number = null;
        if (text.Length == 0)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        number = value;
        return true;
    }
}
