using System.Collections.Immutable;
using System.CommandLine;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Services;

namespace ConfSync.Cli.Commands;

/// <summary><c>nginx-sync init</c>: the first configuration file, and what makes the logins work that it needs. Each thing is said
/// before it is done, and none is done twice.</summary>
internal sealed class InitCommand : Command
{
    public const string Word = "init";

    // Any that an nginx reads, so that the script can tell several masters apart.
    private const string Provisional = "NODES=localhost CONFPATHS=/etc/nginx";

    private readonly SharedOptions shared;
    private readonly StartDirectory start;

    private Argument<string[]> Names { get; } = new("NODE")
    {
        Description = "The peers, as ssh knows them [default: asked for]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private Option<string[]> Accept { get; } = new("--accept")
    {
        Description = "Trust a host key with this fingerprint, such as SHA256:…, where it is shown",
        HelpName = "FINGERPRINT",
    };

    private Option<string?> Key { get; } = new("--key")
    {
        Description = "The private key to log in with; it is made if it is not there",
        HelpName = "FILE",
    };

    private Option<bool> Install { get; } = new("--install-key")
    {
        Description = "Put the key on nodes that do not let it in; ssh asks for the password",
        Arity = ArgumentArity.Zero,
    };

    private Option<bool> Overwrite { get; } = new("--overwrite")
    {
        Description = "Replace a configuration file that is there; it stays beside as FILE.old",
        Arity = ArgumentArity.Zero,
    };

    // 32 bytes in base64 without its end.
    private static bool IsFingerprint(string text) =>
        text.Length == 50 && text.StartsWith("SHA256:", StringComparison.Ordinal) && text[7..].All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/');

    public InitCommand(SharedOptions shared, StartDirectory start, Func<IReadOnlyList<string>, CancellationToken, Task<int>> callAsync)
        : base(Word, "Write the first configuration file, and make the logins work that it needs")
    {
        (this.shared, this.start) = (shared, start);
        Names.RefuseOptions();
        Accept.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !IsFingerprint(token.Value)))
            {
                result.AddError($"--accept takes a fingerprint as ssh-keygen -l shows it, SHA256: and 43 characters, not \"{token.Value}\"");
            }
        });
        Add(Names);
        foreach (var option in new Option[] { Accept, Key, Install, Overwrite }) Add(option);
        SetAction((call, cancellation) => RunAsync(call, callAsync, cancellation));
    }

    private async Task<int> RunAsync(ParseResult call, Func<IReadOnlyList<string>, CancellationToken, Task<int>> callAsync, CancellationToken cancellation)
    {
        string file;
        using (var output = new Output(logFile: null))
        {
            try
            {
                file = start.Absolute(call.GetValue(shared.Config)!);
                var asker = new Asker(output);
                if (NodesOf(call, asker, output) is not { } nodes || !MayWrite(call, file, output)) return ExitStatus.NothingPushed;
                if (await ProposalAsync(call, output, cancellation) is not { } proposal) return ExitStatus.NothingPushed;
                var key = start.AbsoluteIfAny(call.GetValue(Key));
                var logins = new InitLogins(output, asker, key, [.. call.GetValue(Accept) ?? []], call.GetValue(Install));
                foreach (var node in nodes) await logins.PrepareAsync(node, cancellation);
                Write(file, InitText.File(nodes, proposal, key), output);
            }
            catch (Exception exception) when (exception is WrongCallException or IOException or UnauthorizedAccessException)
            {
                output.Error($"nginx-sync: {Texts.Shown(exception.Message)}");
                return ExitStatus.NothingPushed;
            }
        }
        string[] more = call.GetValue(shared.WithoutSudo) ? ["-f", file, "-u"] : ["-f", file];
        var status = await callAsync([DoctorCommand.Word, "-q", .. more], cancellation);
        return status == ExitStatus.NotCompared ? status : await callAsync(["-n", .. more], cancellation);
    }

    private ImmutableArray<Node>? NodesOf(ParseResult call, Asker asker, Output output)
    {
        var names = call.GetValue(Names) is { Length: > 0 } given ? given : asker.Ask("The peers, as ssh knows them, with a blank between them: ").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0)
        {
            output.Error("nginx-sync: no node was named: nginx-sync init NODE …");
            return null;
        }
        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var name in names.Distinct())
        {
            if (Node.TryParse(name, out var node, out var problem)) nodes.Add(node);
            else output.Error($"nginx-sync: {Texts.Shown(name)}: {problem}");
        }
        return nodes.Count == names.Distinct().Count() ? nodes.ToImmutable() : null;
    }

    private bool MayWrite(ParseResult call, string file, Output output)
    {
        // Before anything else is done: a login that was made for nothing would be missed.
        if (Path.GetDirectoryName(file) is not { } directory || !Posix.MayWrite(directory))
        {
            output.Error($"nginx-sync: this user may not write to the directory of {Texts.Shown(file)}");
            return false;
        }
        if (!File.Exists(file) || call.GetValue(Overwrite) || SetsNothing(file)) return true;
        output.Error($"nginx-sync: {Texts.Shown(file)} is there already: name another one with -f, or replace it with --overwrite");
        return false;
    }

    // As the one that comes with a package.
    private static bool SetsNothing(string file) =>
        ShellAssignments.Parse(file, File.ReadAllText(file), _ => null) is { Assignments.IsEmpty: true, Problems.IsEmpty: true };

    private async Task<PathProposal?> ProposalAsync(ParseResult call, Output output, CancellationToken cancellation)
    {
        // Where there is no nginx, a relative of it may be here.
        var kind = NginxKind.All.FirstOrDefault(kind => File.Exists(kind.Program), NginxKind.Nginx);
        var provisional = ConfigurationFile.Parse("init", $"{Provisional} NGINX={kind.Program}", _ => null).Config!;
        NginxCheckup nginx;
        try
        {
            nginx = await SetupRun.FindNginxAsync(provisional, !call.GetValue(shared.WithoutSudo), CommandContext.Who, cancellation);
        }
        catch (PeerException exception)
        {
            output.Error($"nginx-sync: this machine cannot be looked at:\n{Texts.ShownLines(exception.WordsAndAdvice, "    ")}");
            return null;
        }
        var proposal = PathProposal.Of(nginx.Configuration, TargetOf, Directory.Exists);
        if (!proposal.Paths.IsEmpty)
        {
            foreach (var line in InitText.Proposal(nginx, proposal)) output.Print(line);
            return proposal;
        }
        output.Error(InitText.NoNginx(nginx));
        return null;
    }

    private static string? TargetOf(string path) =>
        (File.Exists(path) || Directory.Exists(path)) && new FileInfo(path).LinkTarget is not null ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName : null;

    private static void Write(string file, string text, Output output)
    {
        // What this program writes, it must be able to read.
        if (ConfigurationFile.Parse(file, text, _ => null).Config is null) throw new IOException($"{file}: what was to be written is no configuration file:\n{text}");
        if (File.Exists(file))
        {
            File.Move(file, $"{file}.old", overwrite: true);
            output.Print(ReportLine.Star($"The file that was there is now {Texts.Shown(file)}.old"));
        }
        AtomicFile.Write(file, text);
        output.Print(ReportLine.Star($"Wrote {Texts.Shown(file)}:"));
        output.Line(Texts.ShownLines(text.TrimEnd('\n'), "    ") + "\n");
    }
}
