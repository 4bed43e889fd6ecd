using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

// Without this, .NET would look for a libc beside this program first.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace ConfSync.Platform;

/// <summary>System calls of Linux that .NET does not offer.</summary>
internal static partial class Posix
{
    private const int AtCurrentDirectory = -100;
    private const int AtNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint StatxType = 0x1;
    private const uint StatxMode = 0x2;
    private const uint StatxUid = 0x8;
    private const uint StatxInode = 0x100;
    private const int PermissionBits = 0xFFF;
    private const int KindBits = 0xF000;
    private const int DirectoryKind = 0x4000;
    private const int RegularKind = 0x8000;

    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int AppendOnly = 0x400;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NotThereError = 2;
    private const int InterruptedError = 4;
    private const int NobodyReadsError = 6;
    private const int TryAgainError = 11;
    private const int BrokenPipeError = 32;
    private const int DeviceError = 5;
    private const int LoopError = 40;
    private const int ReadWrite = 0x2;
    private const int GetDescriptorFlags = 1;
    private const int DescriptorCloseOnExec = 1;
    private const uint OwnerOnly = 0x180;
    private const uint MemoryFileCloseOnExec = 0x1;

    // TIOCGWINSZ. On PowerPC the number is another one, so the width is not known there.
    private const nuint WindowSizeRequest = 0x5413;
    private const int KillSignal = 9;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    // This flag of open(2) has another number on ARM.
    private static readonly int NoFollow =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <summary>The ID of the user that this process acts as; 0 is root.</summary>
    public static uint EffectiveUserId => GetEffectiveUserId();

    /// <summary>The home directory of that user as the system's list of users has it, whatever HOME says; null where it has
    /// none.</summary>
    public static string? HomeDirectory
    {
        get
        {
            // The directory is the sixth field of struct passwd, after two strings, two numbers and another string; so it is
            // in glibc and in musl, on machines with words of 64 bits.
            var user = GetUser(EffectiveUserId);
            var directory = user == 0 || IntPtr.Size != 8 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(user, 32));
            return string.IsNullOrEmpty(directory) ? null : directory;
        }
    }

    /// <summary>The owner and the permissions of an open file.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static (uint Owner, UnixFileMode Mode) OwnerAndMode(SafeFileHandle file)
    {
        if (StatX(file, "", AtEmptyPath, StatxMode | StatxUid, out var status) != 0) throw Error();
        return (status.Uid, (UnixFileMode)(status.Mode & PermissionBits));
    }

    /// <summary>The owner and the permissions of what is at a path, with links followed; null where the system does not
    /// say.</summary>
    public static (uint Owner, UnixFileMode Mode)? OwnerAndModeAt(string path) =>
        StatX(AtCurrentDirectory, path, 0, StatxMode | StatxUid, out var status) != 0 ? null
        : (status.Uid, (UnixFileMode)(status.Mode & PermissionBits));

    /// <summary>The identity of an open file.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static FileIdentity IdentityOf(SafeFileHandle file)
    {
        if (StatX(file, "", AtEmptyPath, StatxType | StatxUid | StatxInode, out var status) != 0) throw Error();
        return new FileIdentity(
            status.Uid, (status.Mode & KindBits) == RegularKind, status.DeviceMajor, status.DeviceMinor, status.Inode);
    }

    /// <summary>The identity of the file at a path, with links followed; null where the system does not say.</summary>
    public static FileIdentity? IdentityAt(string path) =>
        StatX(AtCurrentDirectory, path, 0, StatxType | StatxUid | StatxInode, out var status) != 0 ? null
        : new FileIdentity(status.Uid, (status.Mode & KindBits) == RegularKind, status.DeviceMajor, status.DeviceMinor, status.Inode);

    /// <summary>Makes a file without a name, which disappears with its handle. Other programs of this user can read it at
    /// the returned path.</summary>
    /// <param name="name">The name that the system shows where it lists open files.</param>
    /// <exception cref="IOException">There is not enough memory.</exception>
    public static (SafeFileHandle File, string Path) MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        var file = Opened(CreateMemoryFile(name, MemoryFileCloseOnExec));
        WriteAll(file, content);
        return (file, FormattableString.Invariant($"/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}"));
    }

    /// <summary>The owner and the permissions of what is at a path, and whether it is a directory. A symbolic link is not
    /// followed.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="IOException">Nothing is there, or the system does not say.</exception>
    public static (uint Owner, UnixFileMode Mode, bool IsDirectory) LookAt(string path)
    {
        if (StatX(AtCurrentDirectory, path, AtNoFollow, StatxType | StatxMode | StatxUid, out var status) != 0)
        {
            throw new IOException($"{path}: {Error().Message}");
        }
        return (status.Uid, (UnixFileMode)(status.Mode & PermissionBits), (status.Mode & KindBits) == DirectoryKind);
    }

    /// <summary>Opens a file for writing, and creates it with mode 0600 if it is missing. A symbolic link is an error, and
    /// so is a pipe, which would wait for a reader.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafeFileHandle OpenWithoutFollowing(string path)
    {
        var flags = WriteOnly | NoFollow | NonBlocking | CloseOnExec;
        // The first try is without O_CREAT, because with it Linux keeps even root from another user's file in /run/lock
        // (fs.protected_regular).
        var descriptor = Open(path, flags, 0);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == NotThereError) descriptor = Open(path, flags | Create, OwnerOnly);
        return Opened(descriptor);
    }

    /// <summary>This user may make files in the directory, as far as access(2) tells.</summary>
    public static bool MayWrite(string directory) => Access(directory, 2) == 0;

    /// <summary>Opens a file, and creates it with mode 0600 if it is missing. Every write goes to its end, even if other
    /// processes write to it.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static SafeFileHandle OpenToAppend(string path) =>
        Opened(Open(path, WriteOnly | Create | AppendOnly | CloseOnExec, OwnerOnly));

    /// <summary>Writes all bytes at the current position of the open file, which other processes may share.</summary>
    /// <exception cref="NoReaderException">The pipe or terminal has no reader any more.</exception>
    /// <exception cref="IOException">The disk is full, or the file cannot be written for another reason.</exception>
    public static void WriteAll(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Write(file, bytes, (nuint)bytes.Length);
            if (count >= 0)
            {
                bytes = bytes[(int)count..];
                continue;
            }
            switch (Marshal.GetLastPInvokeError())
            {
                case InterruptedError or TryAgainError:
                    // Another program has set the terminal to non-blocking.
                    Thread.Sleep(1);
                    break;
                case BrokenPipeError:
                case DeviceError when IsTerminal(file):
                    throw new NoReaderException();
                default:
                    throw Error();
            }
        }
    }

    /// <summary>
    /// Finds out which standard streams this process was started without, and opens /dev/null in their place. Otherwise the
    /// next file that is opened would take the number of one of them and receive what is printed. Must be called before any
    /// file is opened.
    /// </summary>
    /// <returns>Whether standard output and standard error were open.</returns>
    public static (bool Output, bool Error) KeepStandardStreams()
    {
        var were = new bool[3];
        for (var descriptor = 0; descriptor < were.Length; descriptor++)
        {
            // A descriptor with close-on-exec belongs to the .NET runtime.
            var flags = Fcntl(descriptor, GetDescriptorFlags);
            were[descriptor] = flags >= 0 && (flags & DescriptorCloseOnExec) == 0;
            // open gives the lowest free number.
            if (flags < 0) _ = Open("/dev/null", ReadWrite | CloseOnExec, 0);
        }
        return (were[1], were[2]);
    }

    // isatty(3) does not recognise a terminal that was hung up, but it is no regular file.
    private static bool IsTerminal(SafeFileHandle file) => !IdentityOf(file).IsRegular;

    /// <summary>The size of the terminal in characters, if standard error is a terminal; null where it is not
    /// known.</summary>
    public static (int Columns, int Rows)? TerminalSize =>
        GetWindowSize(2, WindowSizeRequest, out var size) == 0 && size is { Columns: > 0, Rows: > 0 } ? (size.Columns, size.Rows) : null;

    /// <summary>Takes an exclusive advisory lock on the open file, without waiting (flock(2)).</summary>
    /// <returns>Whether the lock was taken.</returns>
    public static bool TryLock(SafeFileHandle file) => Flock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Ends every process of a group at once (SIGKILL). Nothing happens where there is none any more.</summary>
    public static void KillGroup(int group) => _ = Kill(-group, KillSignal);

    private static SafeFileHandle Opened(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Error();

    private static IOException Error() => new(Marshal.GetLastPInvokeError() switch
    {
        LoopError => "it is a symbolic link",
        NobodyReadsError => "it is no regular file",
        var error => Marshal.GetPInvokeErrorMessage(error),
    });

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int GetWindowSize(int descriptor, nuint request, out WindowSize size);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint GetUser(uint user);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(SafeFileHandle directory, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    /// <summary><c>struct winsize</c> of ioctl_tty(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }

    /// <summary><c>struct statx</c> of statx(2). Unlike <c>struct stat</c>, it is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Uid;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}

/// <summary>Identifies a file, whatever its name.</summary>
/// <param name="Owner">The ID of the user who owns it.</param>
internal readonly record struct FileIdentity(uint Owner, bool IsRegular, uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    /// <summary>The device as one number, as stat(1) prints it; see makedev(3) of glibc and musl.</summary>
    public ulong Device => (DeviceMinor & 0xFFUL) | ((DeviceMajor & 0xFFFUL) << 8) | ((DeviceMinor & 0xFFFFFF00UL) << 12) | ((DeviceMajor & 0xFFFFF000UL) << 32);
}

/// <summary>The pipe or terminal that was written to has no reader any more: its other end was closed, or it was hung
/// up.</summary>
internal sealed class NoReaderException : IOException
{
    public NoReaderException()
        : base("nobody reads it any more")
    {
    }
}
