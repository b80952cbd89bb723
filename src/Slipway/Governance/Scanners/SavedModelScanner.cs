using System.Collections.Frozen;

namespace Slipway.Governance.Scanners;

/// <summary>TensorFlow's SavedModel: its graph may read and write files and call Python, which a model has no use for.</summary>
internal sealed class SavedModelScanner(ScanSession session, string path, Stream stream)
{
    private static readonly FrozenSet<string> Refused = new[]
    {
        "ReadFile",
        "WriteFile",
        "MatchingFiles",
        "ImmutableConst",
        "WholeFileReader",
        "WholeFileReaderV2",
        "TextLineReader",
        "TextLineReaderV2",
        "TextLineDataset",
        "FixedLengthRecordDataset",
        "TFRecordDataset",
        "PyFunc",
        "PyFuncStateless",
        "EagerPyFunc",
        "LoadDataset",
        "SaveDataset",
        "SaveDatasetV2",
        "LoadAndRemapMatrix",
        "PrintV2",
        "RpcCall",
        "CollectiveInitializeCommunicator",
    }.ToFrozenSet();

    private readonly ByteReader reader = new(stream, session);
    private long nodes;

    public void Scan()
    {
        var model = MessageReader.Of(reader, session);
        while (model.Next() is var field and > 0)
        {
            if (field == 2)
                In(model.Message(), 2, Graph);
        }
        if (nodes == 0)
            throw ScanSession.Malformed("it has no graph");
    }

    private void Graph(MessageReader graph)
    {
        while (graph.Next() is var field and > 0)
        {
            if (field == 1)
                Node(graph.Message());
            else if (field == 2)
                In(graph.Message(), 1, function => In(function, 3, Node));
        }
    }

    private void Node(MessageReader node)
    {
        nodes++;
        while (node.Next() is var field and > 0)
        {
            if (field == 2 && node.Text() is var type && Refused.Contains(type))
                session.Unsafe(path, "scan.tensorflow", $"Its operator {type} reaches outside the model.");
        }
    }

    private static void In(MessageReader message, int wanted, Action<MessageReader> read)
    {
        while (message.Next() is var field and > 0)
        {
            if (field == wanted)
                read(message.Message());
        }
    }
}
