using System.Collections.Immutable;
using System.Diagnostics;
using ConfSync.Configuration;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;
using ConfSync.Timing;
using ConfSync.Transport;

namespace ConfSync.Cli;

/// <summary>From a request to an exit status: reads the configuration, picks the nodes, runs the use case.</summary>
internal static class Run
{
    /// <param name="start">What relative paths of the request are relative to.</param>
    public static async Task<int> ExecuteAsync(
        Request request, StartDirectory start, Timeline timeline, CancellationToken cancellation)
    {
        var onError = request.IsComparison ? ExitStatus.NotCompared : ExitStatus.NothingPushed;
        Output output;
        try
        {
            request = request.With(start);
        }
        catch (IOException exception)
        {
            using var complaint = new Output(logFile: null);
            complaint.Error($"nginx-sync: {exception.Message}");
            return onError;
        }
        try
        {
            output = new Output(request.LogFile);
        }
        catch (IOException exception)
        {
            using var complaint = new Output(logFile: null);
            complaint.Error($"nginx-sync: cannot write the log of -l, \"{Texts.Shown(request.LogFile!)}\": {exception.Message}");
            return onError;
        }
        using (output)
        {
            // Most likely it is this one, and it is asked while the configuration is read.
            OpenSsh.GetToKnow(SyncConfig.DefaultSsh);
            var (config, problems) = ConfigurationFile.Load(request.ConfigFile);
            foreach (var problem in problems)
            {
                output.Error($"nginx-sync: {(problem.IsWarning ? "warning: " : "")}{problem}");
            }
            if (config is null || PickNodes(request, config, output) is not { } nodes) return onError;
            if (!File.Exists(config.Ssh))
            {
                output.Error($"nginx-sync: there is no program {Texts.Shown(config.Ssh)}: set SSH in {config.Path} to where ssh is");
                return onError;
            }
            if (config.Ssh != SyncConfig.DefaultSsh) OpenSsh.GetToKnow(config.Ssh);
            timeline.Add(null, "command line, configuration", TimeSpan.Zero);
            try
            {
                return request switch
                {
                    { History: not null } => await HistoryAsync(request, config, nodes, output, cancellation),
                    { Rollback: { } rollback } => await RollbackAsync(request, rollback, config, nodes, timeline, output, cancellation),
                    { Settles: true } => await SettleAsync(request, config, timeline, output, cancellation),
                    { IsComparison: true } => await CompareAsync(request, config, nodes, timeline, output, cancellation),
                    _ => await PushAsync(request, config, nodes, timeline, output, cancellation),
                };
            }
            catch (PrimaryException exception)
            {
                output.Error(Texts.OfPrimary(exception, request));
                return onError;
            }
            catch (OperationCanceledException)
            {
                output.Error("nginx-sync: interrupted; nothing was changed");
                return onError;
            }
            catch (Exception exception)
            {
                output.Error($"nginx-sync: a defect of this program; please report it:\n{Texts.ShownLines(exception.ToString(), "    ")}");
                return onError;
            }
        }
    }

    private static async Task<int> PushAsync(
        Request request, SyncConfig config, IReadOnlyList<NodeAddress> nodes, Timeline timeline, Output output,
        CancellationToken cancellation)
    {
        using var runLock = RunLock.Take(config.LockFile ?? RunLock.DefaultPath);
        var printer = new PushPrinter(output, nodes, request);
        var push = PushOf(request, config, nodes);
        var transportTo = TransportTo(config, output);
        var (mayGoOn, left) = await Settler(request, config, transportTo, timeline, output).FirstAsync(
            push.Rollout.AllOrNone, "what is pushed now takes the place of the earlier push", cancellation);
        if (!mayGoOn) return ExitStatus.NodeFailed;
        printer.Began();
        var run = new PushRun(push with { Supersedes = left }, transportTo, printer, timeline);
        var reports = await run.RunAsync(cancellation);
        printer.Ended(reports);
        if (request.Timing) PrintTiming(timeline, nodes, output.Line);
        return reports.All(report => report.IsGood) ? ExitStatus.Success : ExitStatus.NodeFailed;
    }

    private static async Task<int> RollbackAsync(
        Request request, RollbackCall call, SyncConfig config, IReadOnlyList<NodeAddress> nodes, Timeline timeline,
        Output output, CancellationToken cancellation)
    {
        using var runLock = RunLock.Take(config.LockFile ?? RunLock.DefaultPath);
        var printer = new RollbackPrinter(output, nodes, request);
        var rollback = new RollbackRequest(
            config, nodes, call.To, call.Force, request.DryRun, request.Reload, request.Rollout, UsesSudo(request), Who());
        var transportTo = TransportTo(config, output);
        // Otherwise the next run would finish it over what was rolled back. A node that is away must not keep the others
        // from going back.
        var (mayGoOn, _) = await Settler(request, config, transportTo, timeline, output).FirstAsync(
            mustSettle: false, "the earlier push stays recorded, and the next push, or nginx-sync settle, finishes it", cancellation);
        if (!mayGoOn) return ExitStatus.NodeFailed;
        var run = new RollbackRun(rollback, transportTo, printer, timeline);
        printer.Began();
        var reports = await run.RunAsync(cancellation);
        printer.Ended(reports);
        if (request.Timing) PrintTiming(timeline, nodes, output.Line);
        return reports.All(report => report.IsGood) ? ExitStatus.Success : ExitStatus.NodeFailed;
    }

    private static async Task<int> SettleAsync(
        Request request, SyncConfig config, Timeline timeline, Output output, CancellationToken cancellation)
    {
        using var runLock = RunLock.Take(config.LockFile ?? RunLock.DefaultPath);
        return await Settler(request, config, TransportTo(config, output), timeline, output).RunAsync(cancellation);
    }

    private static Settling Settler(
        Request request, SyncConfig config, Func<NodeAddress, ITransport> transportTo, Timeline timeline, Output output) =>
        new(request, PushOf(request, config, config.Nodes), transportTo, timeline, output);

    private static PushRequest PushOf(Request request, SyncConfig config, IReadOnlyList<NodeAddress> nodes) => new(
        config, nodes, request.DryRun, request.Reload,
        request.Rollout with { AllOrNone = request.AllOrNone || config.AllOrNone }, UsesSudo(request), Who());

    private static async Task<int> HistoryAsync(
        Request request, SyncConfig config, IReadOnlyList<NodeAddress> nodes, Output output, CancellationToken cancellation)
    {
        var printer = new HistoryPrinter(output, request.Verbose);
        output.Status($"asking {string.Join(' ', nodes)}");
        var run = new HistoryRun(config, nodes, printer.Changes, UsesSudo(request), Who(), TransportTo(config, output));
        var histories = await run.RunAsync(cancellation);
        foreach (var history in histories) printer.Print(history);
        return histories.All(history => history.Failure is null) ? ExitStatus.Success : ExitStatus.NodeFailed;
    }

    private static async Task<int> CompareAsync(
        Request request, SyncConfig config, IReadOnlyList<NodeAddress> nodes, Timeline timeline, Output output,
        CancellationToken cancellation)
    {
        var comparing = new CompareRequest(config, nodes, request.Presentation.NeedsContents, UsesSudo(request), Who());
        if (request.Presentation.IsWatched) new ComparePrinter(output.Line, output.Error).Begin();
        await Settling.MentionAsync(comparing.Sudo, output, cancellation);
        output.Status($"comparing with {string.Join(' ', nodes)}");
        var comparison = await new CompareRun(comparing, TransportTo(config, output), timeline).RunAsync(cancellation);
        try
        {
            CompareReporter.Report(comparison, request.Presentation, output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: the report cannot be written: {Texts.Shown(exception.Message)}");
            return ExitStatus.NotCompared;
        }
        // A document that a program reads stays one.
        if (request.Timing) PrintTiming(timeline, nodes, request.Presentation.IsWatched ? output.Line : output.Error);
        return ExitStatus.Of(comparison);
    }

    private static ImmutableArray<NodeAddress>? PickNodes(Request request, SyncConfig config, Output output)
    {
        if ((request.CompareNode ?? request.History?.Node) is { } only)
        {
            if (NodeAddress.TryParse(only, out var node, out var problem)) return [node];
            output.Error($"nginx-sync: {(request.History is null ? "-c" : Subcommands.HistoryName)} {Texts.Shown(only)}: {problem}");
            return null;
        }
        if (config.MissingNodes is { } missing)
        {
            output.Error($"nginx-sync: {missing}");
            return null;
        }
        var unknown = request.Nodes.Where(name => config.Nodes.All(node => node.Text != name)).ToList();
        foreach (var name in unknown)
        {
            output.Error($"nginx-sync: {(request.Rollback is null ? "--node" : Subcommands.RollbackName)} {Texts.Shown(name)}: it is not in NODES of {config.Path}, which names: " +
                string.Join(' ', config.Nodes));
        }
        if (unknown.Count > 0) return null;
        return request.Nodes.Count == 0 ? config.Nodes : [.. config.Nodes.Where(node => request.Nodes.Contains(node.Text))];
    }

    private static void PrintTiming(Timeline timeline, IReadOnlyList<NodeAddress> nodes, Action<string> line)
    {
        var total = timeline.Elapsed;
        using var self = Process.GetCurrentProcess();
        var startUp = DateTime.Now - self.StartTime - total;
        foreach (var text in TimingText.Lines(startUp, total, timeline.Steps, nodes, timeline.Traffic, timeline.Tested)) line(text);
    }

    private static Func<NodeAddress, OpenSsh> TransportTo(SyncConfig config, Output output)
    {
        var kept = config.SshPersist > TimeSpan.Zero ? KeepLogins(config, output) : null;
        return node => new OpenSsh(node, config.Ssh, config.SshKey, config.ConnectTimeout, kept);
    }

    // It saves time and nothing else: what keeps it from being done keeps nobody from pushing.
    private static KeptLogins? KeepLogins(SyncConfig config, Output output)
    {
        try
        {
            return KeptLogins.In(Posix.EffectiveUserId, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), config.SshPersist);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: warning: logins are not kept for the next command (SSH_PERSIST): {Texts.Shown(exception.Message)}");
            return null;
        }
    }

    // As in the original: whoever is not root logs in as himself and works through sudo, unless told not to.
    private static bool UsesSudo(Request request) => !Environment.IsPrivilegedProcess && !request.WithoutSudo;

    private static string Who() => $"{Environment.UserName}@{Environment.MachineName}";
}
