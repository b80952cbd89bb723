using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Slipway.Architecture.Tests.Reading;

/// <summary>Walks the code of a method for the tokens in it, which is all the rules need of it.</summary>
internal static class Instructions
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoBytes = new OpCode[256];

    static Instructions()
    {
        foreach (var field in typeof(OpCodes).GetFields())
        {
            var code = (OpCode)field.GetValue(null)!;
            (code.Size == 1 ? OneByte : TwoBytes)[code.Value & 0xff] = code;
        }
    }

    /// <summary>Calls back for each token of a type, field, method or text.</summary>
    public static void Walk(BlobReader code, Action<int> token)
    {
        while (code.RemainingBytes > 0)
        {
            var first = code.ReadByte();
            var operand = (first == 0xfe ? TwoBytes[code.ReadByte()] : OneByte[first]).OperandType;
            switch (operand)
            {
                case OperandType.InlineField
                or OperandType.InlineMethod
                or OperandType.InlineTok
                or OperandType.InlineType
                or OperandType.InlineString:
                    token(code.ReadInt32());
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32(); // moves the offset, so it is read before the offset is
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += Size(operand);
                    break;
            }
        }
    }

    private static int Size(OperandType operand) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            _ => 4,
        };
}
