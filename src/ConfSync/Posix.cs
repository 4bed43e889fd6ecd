using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ConfSync;

/// <summary>What Linux tells and .NET does not pass on.</summary>
internal static partial class Posix
{
    private const int AtEmptyPath = 0x1000;
    private const uint StatxMode = 0x2;
    private const uint StatxUid = 0x8;
    private const int PermissionBits = 0xFFF;

    /// <summary>The user that this process acts as; 0 is root.</summary>
    public static uint EffectiveUserId => GetEffectiveUserId();

    /// <summary>Who owns the open file, and its permissions.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static (uint Owner, UnixFileMode Mode) OwnerAndMode(SafeFileHandle file)
    {
        if (StatX(file, "", AtEmptyPath, StatxMode | StatxUid, out var status) != 0)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }
        return (status.Uid, (UnixFileMode)(status.Mode & PermissionBits));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct statx</c> of statx(2): unlike <c>struct stat</c>, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
