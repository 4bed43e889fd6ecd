using System.Globalization;

namespace ConfSync.Trees;

/// <summary>What tells a file from another one that takes its name, and whether it was touched since.</summary>
/// <param name="Changed">Its ctime in seconds since 1970, which nobody but the kernel sets: every change of content, mode,
/// owner or name changes it.</param>
public sealed record Identity(ulong Device, ulong Inode, decimal Changed)
{
    /// <exception cref="FormatException">It is not DEVICE:INODE:CTIME.</exception>
    internal static Identity Parse(string device, string inode, string changed) => new(
        ulong.Parse(device, NumberStyles.None, CultureInfo.InvariantCulture),
        ulong.Parse(inode, NumberStyles.None, CultureInfo.InvariantCulture),
        decimal.Parse(changed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
