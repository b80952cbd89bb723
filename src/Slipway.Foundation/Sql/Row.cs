using System.Data.Common;

namespace Slipway.Foundation.Sql;

/// <summary>One row of an answer, read by position: the SQL text beside the reader says what stands where.</summary>
public readonly struct Row(DbDataReader reader)
{
    public string Text(int i) => StoredText.Read(reader.GetString(i));

    public string? TextOrNull(int i) => reader.IsDBNull(i) ? null : Text(i);

    public long Long(int i) => reader.GetInt64(i);

    public long? LongOrNull(int i) => reader.IsDBNull(i) ? null : reader.GetInt64(i);

    public int Int(int i) => (int)reader.GetInt64(i);

    public double Double(int i) => reader.GetDouble(i);

    public bool Flag(int i) => reader.GetInt64(i) != 0;

    public byte[] Bytes(int i) => reader.GetFieldValue<byte[]>(i);

    public byte[]? BytesOrNull(int i) => reader.IsDBNull(i) ? null : reader.GetFieldValue<byte[]>(i);
}
