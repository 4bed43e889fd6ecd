using System.Globalization;

namespace ConfSync.Trees;

/// <summary>Tells a file from another file that takes its name, and from its own earlier state.</summary>
/// <param name="Changed">The ctime in seconds since 1970. Only the kernel sets it, at every change of content, mode, owner
/// or name.</param>
public sealed record Identity(ulong Device, ulong Inode, decimal Changed)
{
    /// <exception cref="FormatException">A part is not a number.</exception>
    internal static Identity Parse(string device, string inode, string changed) => new(
        ulong.Parse(device, NumberStyles.None, CultureInfo.InvariantCulture),
        ulong.Parse(inode, NumberStyles.None, CultureInfo.InvariantCulture),
        decimal.Parse(changed, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
}
