using System.Collections.Immutable;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Reports;
using ConfSync.Transport;

namespace ConfSync.Cli;

/// <summary>Makes the logins work that a first push needs: a host key that a person has confirmed, and a key that the node lets
/// in.</summary>
/// <param name="key">The private key to use; null for those that ssh offers by itself.</param>
/// <param name="accepted">The fingerprints of host keys that are trusted without a question.</param>
/// <param name="installs">The key may be put on nodes without a question.</param>
internal sealed class InitLogins(Output output, Asker asker, string? key, ImmutableArray<string> accepted, bool installs)
{
    // A host key, then the user's own key, and the login that proves both.
    private const int Attempts = 3;

    private const string UsualKey = "~/.ssh/id_ed25519";

    /// <summary>Says what it does, and what is left to be done where the login does not work in the end.</summary>
    /// <exception cref="IOException">A file of ssh's could not be written.</exception>
    public async Task PrepareAsync(Node node, CancellationToken cancellation)
    {
        var login = new LoginSetup(node.Address, SyncConfig.DefaultSsh, key is not null && File.Exists(key) ? key : null);
        LoginFailure? failure = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            failure = await login.TryAsync(cancellation);
            if (failure is null)
            {
                output.Print(ReportLine.Star($"{node}: the login works"));
                return;
            }
            var settings = await login.SettingsAsync(cancellation);
            var isMended = settings is not null && failure.Failure switch
            {
                TransportFailure.HostKeyUnknown => await TrustAsync(node, settings, cancellation),
                TransportFailure.Denied => await LetInAsync(node, login, settings, cancellation),
                _ => false,
            };
            if (!isMended) break;
            login = login with { Key = key is not null && File.Exists(key) ? key : null };
        }
        output.Warning($"nginx-sync: {node}: the login does not work yet: {Texts.Shown(failure!.Reason ?? "")}\n  {Texts.Shown(failure.Advice ?? "")}");
    }

    private async Task<bool> TrustAsync(Node node, SshSettings settings, CancellationToken cancellation)
    {
        var shown = await HostKeyScan.ReadAsync(settings, cancellation);
        if (shown.IsEmpty) return false;
        output.Print(ReportLine.Star($"{node} shows these host keys, which nobody has confirmed yet:"));
        foreach (var one in shown) output.Line($"    {one.Fingerprint} ({one.Type})");
        ImmutableArray<ShownHostKey> right = [.. shown.Where(one => accepted.Contains(one.Fingerprint))];
        if (right.IsEmpty)
        {
            output.Line("  On the node itself, this shows its own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n");
            if (!Asker.IsPossible) output.Line("  If one is the same, call again with --overwrite, --accept and that fingerprint.\n");
            if (!asker.Confirm($"Are these the keys of {node}?")) return false;
            right = shown;
        }
        var file = LoginSetup.Trust(settings, right);
        output.Print(ReportLine.Star($"{node}: {(right.Length == 1 ? right[0].Fingerprint : $"{right.Length} keys")} trusted from now on, in {Texts.Shown(file)}"));
        return true;
    }

    private async Task<bool> LetInAsync(Node node, LoginSetup login, SshSettings settings, CancellationToken cancellation)
    {
        var there = key is null ? LoginSetup.KeyThere(settings) : File.Exists(key) ? key : null;
        var file = there ?? await MadeAsync(cancellation);
        if (file is null) return false;
        if (!installs && !asker.Confirm($"{node} does not let {file} in. Put it there now? ssh asks for the password."))
        {
            output.Line($"  To let it in, put this line into ~/.ssh/authorized_keys of that user there, or call again with --overwrite and --install-key:\n    {Texts.Shown((await File.ReadAllTextAsync($"{file}.pub", cancellation)).TrimEnd())}\n");
            return false;
        }
        if (await login.InstallAsync(file, cancellation) is { } words)
        {
            output.Warning($"nginx-sync: {node}: the key could not be put there:\n{Texts.ShownLines(words, "    ")}");
            return false;
        }
        output.Print(ReportLine.Star($"{node}: {Texts.Shown(file)}.pub is in ~/.ssh/authorized_keys there"));
        return true;
    }

    private async Task<string?> MadeAsync(CancellationToken cancellation)
    {
        var file = key ?? LoginSetup.Home(UsualKey);
        output.Print(ReportLine.Star($"Making a key without a passphrase, as runs that nobody attends need it: {Texts.Shown(file)}"));
        if (await LoginSetup.MakeKeyAsync(file, cancellation) is not { } words) return file;
        output.Warning($"nginx-sync: the key could not be made: {Texts.Shown(words)}");
        return null;
    }
}
