using Slipway.Foundation.Sql;

namespace Slipway.Governance.Storage;

/// <summary>The signature of a version: the last one that was given and held.</summary>
internal static class SignatureStore
{
    public static VersionSignature? Find(Tx tx, long modelNumber, int version) =>
        tx.One(
            "select digest, signer, method, bundle, actor, signed_ms from governance_signatures where model_no = @model_no and version = @version",
            r => new VersionSignature
            {
                Digest = r.Text(0),
                Signer = r.Text(1),
                Method = r.Text(2),
                Bundle = r.Text(3),
                Actor = r.Text(4),
                SignedMs = r.Long(5),
            },
            ("model_no", modelNumber),
            ("version", version)
        );

    public static void Put(Tx tx, long modelNumber, int version, VersionSignature signature) =>
        tx.Execute(
            "insert into governance_signatures (model_no, version, digest, signer, method, bundle, actor, signed_ms) "
                + "values (@model_no, @version, @digest, @signer, @method, @bundle, @actor, @signed_ms) "
                + "on conflict (model_no, version) do update set digest = excluded.digest, signer = excluded.signer, "
                + "method = excluded.method, bundle = excluded.bundle, actor = excluded.actor, signed_ms = excluded.signed_ms",
            ("model_no", modelNumber),
            ("version", version),
            ("digest", signature.Digest),
            ("signer", signature.Signer),
            ("method", signature.Method),
            ("bundle", signature.Bundle),
            ("actor", signature.Actor),
            ("signed_ms", signature.SignedMs)
        );
}
