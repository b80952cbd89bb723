using Slipway.Foundation.Basics;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Basics;

public sealed class ServerFolderTests : IDisposable
{
    private readonly TestFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_new_folder_is_its_owner_s_alone()
    {
        using var folder = ServerFolder.Open(temporary.At("deep", "data"));

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(folder.Path)
        );
    }

    [Fact]
    public void A_folder_has_one_holder_and_names_it_to_the_second()
    {
        using var first = ServerFolder.Open(temporary.At("data"));

        var fault = Assert.Throws<Fault>(() => ServerFolder.Open(temporary.At("data")));

        Assert.Equal("setup.data_folder_in_use", fault.Code);
        Assert.Contains(
            $"process {Environment.ProcessId} on {Environment.MachineName}",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.NotNull(ServerFolder.HolderIfTaken(first.Path));
    }

    [Fact]
    public void A_folder_that_was_given_back_is_free()
    {
        ServerFolder.Open(temporary.At("data")).Dispose();

        Assert.Null(ServerFolder.HolderIfTaken(temporary.At("data")));
        using var second = ServerFolder.Open(temporary.At("data"));
    }

    [Fact]
    public void What_a_killed_process_left_behind_holds_nothing()
    {
        Directory.CreateDirectory(temporary.At("data"));
        File.WriteAllText(temporary.At("data", "slipway.lock"), "");
        File.WriteAllText(temporary.At("data", "slipway.pid"), "4711 elsewhere");

        Assert.Null(ServerFolder.HolderIfTaken(temporary.At("data")));
        using var folder = ServerFolder.Open(temporary.At("data"));
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_refused_by_its_name()
    {
        File.WriteAllText(temporary.At("data"), "");

        var fault = Assert.Throws<Fault>(() => ServerFolder.Open(temporary.At("data")));

        Assert.Equal("setup.data_folder", fault.Code);
        Assert.Contains(temporary.At("data"), fault.Message, StringComparison.Ordinal);
    }
}
