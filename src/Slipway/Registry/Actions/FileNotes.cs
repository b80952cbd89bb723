using System.Globalization;
using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;

namespace Slipway.Registry.Actions;

/// <summary>Notes the files of versions that have too many of them for the call that registers one.</summary>
internal sealed class FileNotes(Db db, VersionSurvey survey, EventLog events)
{
    public const string JobName = "registry.note_files";

    /// <summary>Files noted in one transaction, so that the writer is free again within milliseconds.</summary>
    private const int Step = 500;

    /// <summary>Makes the work part of the transaction that registers the version.</summary>
    public static void Order(Tx tx, JobBoard board, ModelVersion version) =>
        board.Add(
            tx,
            JobName,
            EventPayload.Of(
                ("model_no", Text(version.ModelNumber)),
                ("version", Text(version.Number)),
                ("place", version.Place)
            )
        );

    public async Task WorkAsync(Job job, CancellationToken cancellation)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        var ordered = payload.RootElement;
        var place = BlobPath.Parse(ordered.GetProperty("place").GetString()!);
        var files = await survey.LookThroughAsync(place, cancellation);
        var (modelNumber, number) = (Number(ordered, "model_no"), (int)Number(ordered, "version"));
        // Step by step, so that others write in between; the last one says that the files are known.
        for (var first = 0; first == 0 || first < files.Files.Count; first += Step)
        {
            var from = first;
            await db.WriteAsync(
                tx =>
                {
                    job.Guard(tx);
                    Note(tx, modelNumber, number, files, from);
                },
                cancellation
            );
        }
    }

    private void Note(Tx tx, long modelNumber, int number, VersionFiles files, int first)
    {
        // The version or its model may be gone by now.
        if (
            ModelStore.FindForUpdate(tx, modelNumber) is not { } model
            || VersionStore.Find(tx, model.Workspace, model.Name, number)
                is not { FilesState: FilesState.Pending } version
        )
            return;
        // What an earlier attempt noted before it was cut off.
        if (first == 0)
            FileStore.Clear(tx, version);
        FileStore.Insert(tx, version, files.Files.Skip(first).Take(Step), first);
        if (first + Step < files.Files.Count)
            return;
        FileStore.UpdateState(tx, version, files);
        var caller = Caller.Operator("", model.Workspace);
        if (files.State == FilesState.Noted)
            events.Append(tx, RegistryEvents.Noted(caller, model, version with { Digest = files.Digest }));
    }

    private static long Number(JsonElement payload, string name) =>
        long.Parse(payload.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
