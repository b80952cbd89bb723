namespace Slipway.Foundation.Basics;

/// <summary>
/// A file that keeps some of the disk free for the day when nothing else is: deleting takes room too. When a write finds
/// the disk full the reserve is given back, and until there is room for it again, nothing may make the store larger.
/// </summary>
public sealed class SpaceReserve
{
    private const long SizeBytes = 16 << 20;

    private readonly string folder;
    private readonly Lock gate = new();
    private volatile bool isGivenBack;

    private SpaceReserve(string folder) => this.folder = folder;

    private string File => Path.Combine(folder, "slipway.reserve");

    /// <summary>Takes the reserve, or goes without where the disk has little more than that: a small disk is no full one.</summary>
    public static SpaceReserve Take(string folder)
    {
        var reserve = new SpaceReserve(folder);
        reserve.TryTake();
        return reserve;
    }

    public void GiveBack()
    {
        lock (gate)
        {
            if (!System.IO.File.Exists(File))
                return;
            System.IO.File.Delete(File);
            isGivenBack = true;
        }
    }

    public bool MayGrow()
    {
        if (!isGivenBack)
            return true;
        lock (gate)
            isGivenBack = isGivenBack && !TryTake();
        return !isGivenBack;
    }

    private bool TryTake()
    {
        if (System.IO.File.Exists(File))
            return true;
        if (new DriveInfo(folder).AvailableFreeSpace < 2 * SizeBytes)
            return false;
        try
        {
            using var file = System.IO.File.OpenHandle(
                File,
                FileMode.Create,
                FileAccess.Write,
                preallocationSize: SizeBytes
            );
            return true;
        }
        catch (IOException)
        {
            System.IO.File.Delete(File);
            return false;
        }
    }
}
