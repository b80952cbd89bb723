using Slipway.Foundation.Console;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Console;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(FaultKind.Invalid, 2)]
    [InlineData(FaultKind.NotFound, 3)]
    [InlineData(FaultKind.Conflict, 4)]
    [InlineData(FaultKind.Unauthenticated, 5)]
    [InlineData(FaultKind.Denied, 5)]
    [InlineData(FaultKind.Busy, 6)]
    [InlineData(FaultKind.Unavailable, 6)]
    [InlineData(FaultKind.Unsupported, 7)]
    [InlineData(FaultKind.Internal, 70)]
    public void Each_kind_of_fault_ends_a_command_in_its_own_way(FaultKind kind, int code) =>
        Assert.Equal(code, ExitCodes.Of(new Fault(kind, "test.code", "A sentence.")));

    [Fact]
    public void What_is_wrong_with_the_installation_has_a_code_of_its_own() =>
        Assert.Equal(78, ExitCodes.Of(new Fault(FaultKind.Unavailable, "setup.data_folder", "A sentence.")));
}
