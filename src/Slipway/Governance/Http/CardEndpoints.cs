using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Governance.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Http;

/// <summary>The native API of model cards and bills of materials.</summary>
internal sealed class CardEndpoints(ModelCards cards, ModelBom boms)
{
    private const string Version = GovernanceEndpoints.Version;

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new CardEndpoints(
            app.ServiceProvider.GetRequiredService<ModelCards>(),
            app.ServiceProvider.GetRequiredService<ModelBom>()
        );
        var api = new ApiRoutes(app, GovernanceJson.Default);
        api.Map<JsonElement>("GET", $"{Version}/card", here.GetCard);
        api.Map<JsonElement, CardResource>("PUT", $"{Version}/card", here.WriteCard);
        api.Map<CardChange, CardResource>("PATCH", $"{Version}/card", here.ChangeCard);
        api.Map("GET", $"{Version}/card/text", here.GetCardText).GivesText("text/markdown");
        api.Map<IReadOnlyList<CardResource>>("GET", $"{Version}/cards", here.ListCards);
        api.Map<JsonElement>("GET", $"{Version}/sbom", here.GetBom);
    }

    [Description("The card of a version: what the records say, with what people wrote laid over it.")]
    private async Task<JsonElement> GetCard(ApiCall call) => Element(await ReadAsync(call));

    [Description("The card of a version as Markdown, to be read and printed.")]
    private async Task GetCardText(ApiCall call)
    {
        var text = CardFields.ToMarkdown(await ReadAsync(call));
        call.Http.Response.ContentType = "text/markdown; charset=utf-8";
        await call.Http.Response.WriteAsync(text, call.Cancellation);
    }

    [Description("Writes a new card of a version: the fields that it has replace what the records say.")]
    private async Task<CardResource> WriteCard(ApiCall call, JsonElement body)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        var fields =
            body.ValueKind == JsonValueKind.Object
                ? JsonObject.Create(body)!
                : throw Fault.Invalid("card.fields", "A card is an object of fields.");
        return Shape(
            await cards.WriteAsync(GovernanceEndpoints.CallerOf(call), name, number, fields, call.Cancellation)
        );
    }

    [Description("Says how far the card of a version has come.")]
    private async Task<CardResource> ChangeCard(ApiCall call, CardChange change)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        var status = ReadStatus(change.Status);
        return Shape(
            await cards.SetStatusAsync(GovernanceEndpoints.CallerOf(call), name, number, status, call.Cancellation)
        );
    }

    [Description("What people wrote of a version, every edit, the last in front.")]
    private async Task<IReadOnlyList<CardResource>> ListCards(ApiCall call)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        var all = await cards.HistoryAsync(GovernanceEndpoints.CallerOf(call), name, number, call.Cancellation);
        return [.. all.Select(Shape)];
    }

    [Description("What a version consists of, as a CycloneDX 1.6 bill of materials.")]
    private async Task<JsonElement> GetBom(ApiCall call)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        return Element(await boms.OfAsync(GovernanceEndpoints.CallerOf(call), name, number, call.Cancellation));
    }

    private Task<JsonObject> ReadAsync(ApiCall call)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        return cards.GetAsync(GovernanceEndpoints.CallerOf(call), name, number, call.Cancellation);
    }

    private static JsonElement Element(JsonObject document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return parsed.RootElement.Clone();
    }

    private static CardResource Shape(WrittenCard card)
    {
        using var document = JsonDocument.Parse(card.Document);
        return new CardResource
        {
            Number = card.Number,
            Status = Word(card.Status),
            Fields = document
                .RootElement.EnumerateObject()
                .ToDictionary(field => field.Name, field => field.Value.Clone()),
            Actor = card.Actor,
            WrittenMs = card.WrittenMs,
        };
    }

    private static string Word(CardStatus status) =>
        status == CardStatus.PendingReview ? "pending_review" : status.ToString().ToLowerInvariant();

    private static CardStatus ReadStatus(string text) =>
        Enum.GetValues<CardStatus>().Cast<CardStatus?>().FirstOrDefault(status => Word(status!.Value) == text)
        ?? throw Fault.Invalid(
            "card.status",
            $"'{text}' is not draft, pending_review, approved or archived.",
            "status"
        );
}
