using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Inventory;
using ConfSync.Platform;

namespace ConfSync.Transport;

/// <summary>What makes a login to a node possible: the host key that this user trusts, and the key that the node lets in. Each step
/// is one that a person would take by hand, with the same programs.</summary>
/// <param name="Address">The node.</param>
/// <param name="Ssh">The path of the ssh program.</param>
/// <param name="Key">A private key to offer besides those that ssh offers by itself; null for none.</param>
internal sealed record LoginSetup(NodeAddress Address, string Ssh, string? Key)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private OpenSsh Transport => new(Address, Ssh, Key, Patience);

    /// <summary>Logs in and out again.</summary>
    /// <returns>Why that failed; null where it worked.</returns>
    public async Task<LoginFailure?> TryAsync(CancellationToken cancellation)
    {
        var outcome = await Transport.ConnectAsync("exec true", cancellation);
        if (outcome is ConnectOutcome.Failed { Failure: var failure }) return failure;
        await using var command = ((ConnectOutcome.Connected)outcome).Command;
        await command.Input.DisposeAsync();
        using var reader = new StreamReader(command.Output);
        var said = await reader.ReadToEndAsync(cancellation);
        var status = await command.ExitAsync(cancellation);
        return status == 0 ? null : Transport.Explain($"{said}\n{command.ErrorText}", status);
    }

    /// <summary>What ssh is configured to do for this node; null where it does not say.</summary>
    public async Task<SshSettings?> SettingsAsync(CancellationToken cancellation)
    {
        var (status, answer) = await RunAsync(Ssh, ["-G", .. Selection(), "--", Address.Host], "", cancellation);
        return status == 0 ? SshSettings.Parse(answer) : null;
    }

    /// <summary>Adds keys to the user's known_hosts, which is made if it is not there.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Trust(SshSettings settings, IEnumerable<ShownHostKey> keys)
    {
        var file = Home(settings.KnownHostsFiles.FirstOrDefault() ?? "~/.ssh/known_hosts");
        MakePrivate(PosixPath.Parent(file)!);
        var before = File.Exists(file) ? File.ReadAllText(file) : "";
        var gap = before.Length > 0 && before[^1] != '\n' ? "\n" : "";
        var added = string.Concat(keys.Where(key => !before.Split('\n').Contains(key.Line)).Select(key => $"{key.Line}\n"));
        if (added.Length > 0) File.AppendAllText(file, gap + added);
        return file;
    }

    /// <summary>The first of the keys that ssh would offer by itself that is there; null where there is none.</summary>
    public static string? KeyThere(SshSettings settings) =>
        settings.IdentityFiles.Select(Home).FirstOrDefault(file => File.Exists(file) && File.Exists($"{file}.pub"));

    /// <summary>Makes a key without a passphrase, as runs that nobody attends need it.</summary>
    /// <param name="file">The private half; the other one gets <c>.pub</c> behind its name.</param>
    /// <returns>Why that failed; null where it worked.</returns>
    public static async Task<string?> MakeKeyAsync(string file, CancellationToken cancellation)
    {
        if (LocalProgram.Find("ssh-keygen") is not { } program) return "ssh-keygen";
        MakePrivate(PosixPath.Parent(file)!);
        var (status, words) = await RunAsync(program, ["-q", "-t", "ed25519", "-N", "", "-C", $"nginx-sync@{Environment.MachineName}", "-f", file], "", cancellation);
        return status == 0 ? null : words;
    }

    /// <summary>Adds the key to those that the node lets in. ssh asks for the password where it can: at the terminal, or with
    /// SSH_ASKPASS. A key that is there already is not added again.</summary>
    /// <param name="file">The private half.</param>
    /// <returns>What ssh said where that failed; null where it worked.</returns>
    public async Task<string?> InstallAsync(string file, CancellationToken cancellation)
    {
        // The comment of a key may hold anything.
        var key = string.Join(' ', (await File.ReadAllTextAsync($"{file}.pub", cancellation)).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(2));
        const string Command = "exec sh -c 'umask 077; read -r key; mkdir -p .ssh && { grep -qF \"$key\" .ssh/authorized_keys 2>/dev/null || " +
            "echo \"$key nginx-sync\" >>.ssh/authorized_keys; }'";
        var (status, words) = await RunAsync(
            Ssh, ["-T", "-oStrictHostKeyChecking=yes", "-oControlMaster=no", "-oControlPath=none", .. Selection(), "--", Address.Host, Command], $"{key}\n", cancellation);
        return status == 0 ? null : words;
    }

    /// <summary>A path of ssh's configuration, with its <c>~</c> replaced.</summary>
    public static string Home(string path)
    {
        // Root does not use HOME, because the environment may come from another user's session.
        var home = Posix.EffectiveUserId == 0 ? "/root" : Environment.GetEnvironmentVariable("HOME") ?? "/";
        return path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path;
    }

    private IEnumerable<string> Selection()
    {
        if (Key is not null) yield return $"-oIdentityFile={Key}";
        if (Address.Port is { } port) yield return FormattableString.Invariant($"-p{port}");
        if (Address.User is { } user) yield return $"-l{user}";
    }

    private static void MakePrivate(string directory)
    {
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<(int Status, string Words)> RunAsync(string program, ImmutableArray<string> arguments, string input, CancellationToken cancellation)
    {
        if (!ProcessCommand.TryStart(program, arguments, out var started, out var problem)) return (-1, problem);
        await using var disposed = started;
        await using (var writer = new StreamWriter(started.Input)) await writer.WriteAsync(input);
        using var reader = new StreamReader(started.Output);
        var said = await reader.ReadToEndAsync(cancellation);
        var status = await started.ExitAsync(cancellation);
        return (status, status == 0 ? said : LastWords.Of($"{said}\n{started.ErrorText}"));
    }
}
