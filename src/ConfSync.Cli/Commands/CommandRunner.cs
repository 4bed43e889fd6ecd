using System.CommandLine;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Cli.Commands;

/// <summary>From a call to an exit status: makes the <see cref="CommandContext"/>, runs a command in it, and says what went
/// wrong on the primary.</summary>
/// <param name="interruption">Told what to say to a signal.</param>
internal sealed class CommandRunner(SharedOptions options, StartDirectory start, Timeline timeline, Interruption interruption)
{
    /// <param name="onError">The exit status where something on the primary is wrong.</param>
    /// <param name="done">What the command does, as it is said to be not done: <c>pushed</c>.</param>
    /// <param name="command">Gives the exit status; null where what it was asked for makes no sense and it has said so.</param>
    public async Task<int> RunAsync(ParseResult call, int onError, string done, Func<CommandContext, Task<int?>> command)
    {
        if (OpenOutput(call) is not { } output) return onError;
        using (output)
        {
            var status = await RunAsync(call, output, onError, done, command);
            return output.IsIncomplete ? ExitStatus.NotWritten : status;
        }
    }

    private async Task<int> RunAsync(ParseResult call, Output output, int onError, string done, Func<CommandContext, Task<int?>> command)
    {
        try
        {
            return Prepare(call, output) is { } context ? await command(context) ?? onError : onError;
        }
        catch (PrimaryException exception)
        {
            output.Error(PrimaryText.Of(exception.Problem, done));
        }
        catch (OperationCanceledException)
        {
            output.Error("nginx-sync: interrupted; nothing was changed");
        }
        catch (RelativePathException exception)
        {
            output.Error($"nginx-sync: {exception.Message}");
        }
        catch (Exception exception)
        {
            output.Error($"nginx-sync: a defect of this program; please report it:\n{Texts.ShownLines(exception.ToString(), "    ")}");
        }
        return onError;
    }

    private Output? OpenOutput(ParseResult call)
    {
        var log = call.GetValue(options.LogFile);
        string problem;
        try
        {
            return new Output(start.AbsoluteIfAny(log));
        }
        catch (RelativePathException exception)
        {
            problem = exception.Message;
        }
        catch (IOException exception)
        {
            problem = $"cannot write the log of -l, \"{Texts.Shown(log!)}\": {exception.Message}";
        }
        using var complaint = new Output(logFile: null);
        complaint.Error($"nginx-sync: {problem}");
        return null;
    }

    /// <exception cref="RelativePathException">The configuration file cannot be found.</exception>
    private CommandContext? Prepare(ParseResult call, Output output)
    {
        // Most likely it is this one, and it is asked while the configuration is read.
        OpenSsh.ProbeVersion(SyncConfig.DefaultSsh);
        var (config, problems) = ConfigurationFile.Load(start.Absolute(call.GetValue(options.Config)!));
        foreach (var problem in problems)
        {
            if (problem.IsWarning) output.Warning($"nginx-sync: warning: {problem}");
            else output.Error($"nginx-sync: {problem}");
        }
        if (config is null) return null;
        if (!File.Exists(config.Ssh))
        {
            output.Error($"nginx-sync: there is no program {Texts.Shown(config.Ssh)}: set SSH in {config.Path} to where ssh is");
            return null;
        }
        if (config.Ssh != SyncConfig.DefaultSsh) OpenSsh.ProbeVersion(config.Ssh);
        timeline.Add(null, TimedStep.Configuration, TimeSpan.Zero);
        // As in the original: a user who is not root logs in as himself and works through sudo, unless told not to.
        var sudo = !Environment.IsPrivilegedProcess && !call.GetValue(options.WithoutSudo);
        return new CommandContext(config, output, timeline, start, call.GetValue(options.Verbose), sudo, TransportTo(config, output))
        {
            Interruption = interruption,
        };
    }

    private static Func<Node, ITransport> TransportTo(SyncConfig config, Output output)
    {
        var kept = new Lazy<SharedConnections?>(() => config.SshPersist > TimeSpan.Zero ? ShareConnections(config, output) : null);
        return node => new OpenSsh(node.Address, config.Ssh, config.SshKey, config.ConnectTimeout, kept.Value);
    }

    // It saves time and nothing else, so a push goes on without it.
    private static SharedConnections? ShareConnections(SyncConfig config, Output output)
    {
        try
        {
            return SharedConnections.In(Posix.EffectiveUserId, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), config.SshPersist);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Warning($"nginx-sync: warning: logins are not kept for the next command (SSH_PERSIST): {Texts.Shown(exception.Message)}");
            return null;
        }
    }
}
