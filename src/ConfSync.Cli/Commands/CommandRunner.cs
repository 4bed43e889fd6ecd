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
    /// <param name="reporter">Told of the run, however it ends.</param>
    /// <param name="command">Gives the exit status; null where what it was asked for makes no sense and it has said so.</param>
    public async Task<int> RunAsync(
        ParseResult call, int onError, string done, RunReporter reporter, Func<CommandContext, Task<int?>> command)
    {
        var (output, problem) = OpenOutput(call);
        using (output)
        {
            var status = await RunAsync(call, output, onError, done, reporter, problem, command);
            status = await reporter.ConcludeAsync(output, status, interruption);
            return output.IsIncomplete ? ExitStatus.NotWritten : status;
        }
    }

    private async Task<int> RunAsync(
        ParseResult call, Output output, int onError, string done, RunReporter reporter, WrongCallException? problem,
        Func<CommandContext, Task<int?>> command)
    {
        try
        {
            reporter.Attach(output, start, call.GetValue(options.Config)!);
            if (problem is not null) throw problem;
            return Prepare(call, output, reporter) is { } context ? await command(context) ?? onError : onError;
        }
        catch (PrimaryException exception)
        {
            output.Error($"{PrimaryText.Of(exception.Problem, done)}\n{OutcomeText.Verdict(done)}");
            reporter.Fail(new RunError.Primary(exception.Problem));
        }
        catch (OperationCanceledException)
        {
            output.Error($"nginx-sync: interrupted\n{OutcomeText.Verdict(done)}");
            reporter.Fail(new RunError.Interrupted());
        }
        catch (WrongCallException exception)
        {
            output.Error($"nginx-sync: {exception.Message}");
            reporter.Fail(new RunError.Call(exception.Message));
        }
        catch (Exception exception)
        {
            output.Error($"nginx-sync: a defect of this program; please report it ({MessageCodes.Defect}):\n{Texts.ShownLines(exception.ToString(), "    ")}");
            reporter.Fail(new RunError.Defect(exception.ToString()));
        }
        return onError;
    }

    /// <returns>An output without a log where that cannot be had, and why.</returns>
    private (Output Output, WrongCallException? Problem) OpenOutput(ParseResult call)
    {
        var log = call.GetValue(options.LogFile);
        try
        {
            return (new Output(start.AbsoluteIfAny(log)), null);
        }
        catch (WrongCallException exception)
        {
            return (new Output(logFile: null), exception);
        }
        catch (IOException exception)
        {
            return (new Output(logFile: null), new WrongCallException($"cannot write the log of -l, \"{Texts.Shown(log!)}\": {exception.Message}"));
        }
    }

    /// <exception cref="WrongCallException">The configuration file cannot be found.</exception>
    private CommandContext? Prepare(ParseResult call, Output output, RunReporter reporter)
    {
        // The answer is needed for most logins, and is asked for while the configuration is read.
        AutomaticTransport.AskEarly();
        var result = ConfigurationFile.Load(start.Absolute(call.GetValue(options.Config)!));
        reporter.Configured(result);
        var (config, problems) = result;
        foreach (var problem in problems)
        {
            if (problem.IsWarning) output.Warning($"nginx-sync: warning: {MessageCodes.Line(problem)}");
            else output.Error($"nginx-sync: {MessageCodes.Line(problem)}");
        }
        if (config is null) return null;
        if (!File.Exists(config.Ssh))
        {
            var missing = new ConfigurationProblem(config.Path, 0, $"there is no program {Texts.Shown(config.Ssh)}: set SSH to where ssh is");
            output.Error($"nginx-sync: {MessageCodes.Line(missing)}");
            reporter.Fail(new RunError.Configuration([missing]));
            return null;
        }
        if (config.Transport == LoginMaker.Ssh) OpenSsh.ProbeVersion(config.Ssh);
        timeline.Add(null, TimedStep.Configuration, TimeSpan.Zero);
        // As in the original: a user who is not root logs in as himself and works through sudo, unless told not to.
        var sudo = !call.GetValue(options.WithoutSudo);
        var verbose = call.GetValue(options.Verbose);
        return new CommandContext(config, output, timeline, start, verbose, sudo, TransportTo(config, output, verbose))
        {
            Interruption = interruption,
            Reporter = reporter,
            Limit = call.GetValue(options.Limit),
        };
    }

    private Func<Node, ITransport> TransportTo(SyncConfig config, Output output, bool verbose)
    {
        var kept = new Lazy<SharedConnections?>(() => config.SshPersist > TimeSpan.Zero ? ShareConnections(config, output) : null);
        return node =>
        {
            var ssh = new OpenSsh(node.Address, config.Ssh, config.SshKey, config.ConnectTimeout, kept.Value);
            return config.Transport == LoginMaker.Ssh ? ssh : new AutomaticTransport(ssh, login =>
            {
                timeline.Add(node, login);
                if (verbose) output.Line($"{node}: {Texts.Shown(TimingText.Of(login))}");
            });
        };
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
