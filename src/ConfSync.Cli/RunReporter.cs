using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ConfSync.Changes;
using ConfSync.Cli.Commands;
using ConfSync.Configuration;
using ConfSync.Events;
using ConfSync.Inventory;
using ConfSync.Primary;
using ConfSync.Reports;
using ConfSync.Runs;

namespace ConfSync.Cli;

/// <summary>Tells programs what a run is, however it ends: its events, its document or
/// metrics, its page, and the command of ON_FINISH.</summary>
/// <param name="nature">What the run is to be.</param>
/// <param name="file">Where these go instead of standard output, as the user wrote it; null for there.</param>
/// <param name="report">Where a page goes, the same; null for none.</param>
internal sealed class RunReporter(DocumentKind kind, RunNature nature, OutputFormat format, string? file, string? report)
{
    private readonly DateTimeOffset started = DateTimeOffset.Now;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private Output? events;
    private string configPath = "";
    private string? path;
    private string? page;
    private ConfigurationResult? configured;
    private RunBody body = new(nature);
    private Comparison? comparison;
    private (IReadOnlyList<NodeHistory> Histories, ImmutableArray<RecordedRun> Recorded)? kept;
    private Diagnosis? diagnosis;
    private ClusterRoles? roles;
    private (MoveWish Wish, MoveOutcome Outcome)? moved;
    private RunError? error;
    private string? message;
    private bool isElsewhere;

    /// <summary>Standard output is the document's from now on, if there is one.</summary>
    /// <param name="config">The configuration file, as it was named.</param>
    /// <exception cref="WrongCallException">The file cannot be found, or not be written.</exception>
    public void Attach(Output output, StartDirectory start, string config)
    {
        output.IsForProgram = format != OutputFormat.Text && file is null;
        if (format == OutputFormat.JsonLines) events = output;
        configPath = config;
        var (ofFile, ofReport) = (start.AbsoluteIfAny(file), start.AbsoluteIfAny(report));
        // Before anything is done: a report that cannot be written would be missed when all is over.
        if (ofFile is not null) AtomicFile.Check(ofFile);
        if (ofReport is not null) AtomicFile.Check(ofReport);
        (path, page) = (ofFile, ofReport);
    }

    public void Configured(ConfigurationResult result)
    {
        configured = result;
        foreach (var problem in result.Problems.Where(problem => problem.IsWarning)) events?.Page(EventJson.Warning(DateTimeOffset.Now, problem));
        if (result.Config is null) Fail(new RunError.Configuration([.. result.Problems.Where(problem => !problem.IsWarning)]));
    }

    /// <summary>A push, a roll-back or <c>settle</c> begins.</summary>
    public void Begin(RunNature known, RunRecord? run, IEnumerable<Node> nodes) => body = new RunBody(known) { Run = run, Nodes = [.. nodes] };

    /// <summary>Takes what the run says. Called by one task at a time.</summary>
    public void Take(RunEvent said)
    {
        body = body.With(said);
        events?.Page(EventJson.Line(DateTimeOffset.Now, said, body));
    }

    /// <summary>The addresses that have no holder, or several, as far as the run has said so.</summary>
    public ImmutableArray<AddressHolders> Astray => body.Astray;

    public void Ended(IEnumerable<NodeReport> reports, string? words = null)
    {
        body = body with { Reports = [.. reports] };
        message = words ?? (body.Reports.IsEmpty ? null : new VerdictText(body.Nature).Of(body.Reports, body.Astray).Text);
    }

    /// <summary>The push is another machine's to make.</summary>
    public void EndedElsewhere(string words) => (message, isElsewhere) = (words, true);

    public void Ended(Comparison ended) => (comparison, message) = (ended, CompareText.Total(ended));

    public void Ended(Diagnosis ended) => (diagnosis, message) = (ended, DoctorText.Total(ended));

    public void Ended(ClusterRoles ended) => (roles, message) = (ended, RolesText.Total(ended));

    /// <summary>Addresses were moved, or not.</summary>
    public void Ended(MoveWish wish, MoveOutcome outcome) => (roles, moved, message) = (outcome.Roles, (wish, outcome), MoveText.Of(wish, outcome));

    public void Ended(IReadOnlyList<NodeHistory> histories, ImmutableArray<RecordedRun> recorded) => kept = (histories, recorded);

    /// <summary>Why the run did not do what it was asked for. The first reason counts.</summary>
    public void Fail(RunError? reason) => error ??= reason;

    /// <summary>The run is over, and all that people read of it is said.</summary>
    /// <param name="status">The exit status so far.</param>
    /// <param name="interruption">Asked whether a signal came.</param>
    /// <returns>The exit status.</returns>
    public async Task<int> ConcludeAsync(Output output, int status, Interruption interruption)
    {
        var signalled = interruption.Status;
        var head = Head(signalled ?? status, signalled is not null);
        var written = Write(output, status, head);
        // A run that was ended tells of it all the same.
        await FinishAsync(output, head, signalled is null ? interruption.Token : CancellationToken.None);
        return written;
    }

    private int Write(Output output, int status, DocumentHead head)
    {
        var isWritten = Attempt(output, () => WriteReport(output, head)) & Attempt(output, () => WritePage(head));
        events?.Page(EventJson.Finished(DateTimeOffset.Now, head, Body));
        return isWritten ? status : ExitStatus.NotWritten;
    }

    private static bool Attempt(Output output, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.Error($"nginx-sync: the report cannot be written: {Texts.Shown(exception.Message)}");
            return false;
        }
    }

    private void WriteReport(Output output, DocumentHead head)
    {
        if (format == OutputFormat.Json) Put(output, JsonText.Document(head, Body));
        if (format != OutputFormat.Prometheus) return;
        if (kind == DocumentKind.Status && comparison is not null) Put(output, ClusterStatusPrometheus.Write(comparison), isPublic: true);
        else if (kind is not (DocumentKind.Comparison or DocumentKind.Status)) Put(output, RunPrometheus.Write(head, body), isPublic: true);
    }

    private void WritePage(DocumentHead head)
    {
        if (page is null) return;
        // A comparison that was not made says nothing, and the page of yesterday has its date.
        if (kind != DocumentKind.Comparison) AtomicFile.Write(page, RunHtml.Write(head, body));
        else if (comparison is not null) AtomicFile.Write(page, CompareHtml.Write(head, comparison));
    }

    private async Task FinishAsync(Output output, DocumentHead head, CancellationToken cancellation)
    {
        // What such a command starts would start it again, and so on.
        if (configured?.Config is not { OnFinish: { } command } config || !IsWorthTelling(head) ||
            Environment.GetEnvironmentVariable(FinishCommand.KindVariable) is { Length: > 0 })
        {
            return;
        }
        output.Status("ON_FINISH is running");
        var variables = new Dictionary<string, string>
        {
            [FinishCommand.KindVariable] = RunNames.Of(kind),
            ["NGINX_SYNC_RESULT"] = RunNames.Of(head.Result),
            ["NGINX_SYNC_RUN"] = body.Run?.Id ?? "",
        };
        var failure = await FinishCommand.RunAsync(command, config.OnFinishTimeout, JsonText.Document(head, Body), variables, cancellation);
        if (failure is not null) output.Warning(FinishText.Of(failure));
    }

    // A user who made a mistake in the call sees it.
    private bool IsWorthTelling(DocumentHead head) => error is not RunError.Call && kind switch
    {
        DocumentKind.Push or DocumentKind.Rollback or DocumentKind.Settle => !body.Nature.IsDryRun && !isElsewhere,
        DocumentKind.Comparison => head.Result != RunResult.Ok,
        _ => false,
    };

    private void Put(Output output, string text, bool isPublic = false)
    {
        if (path is null) output.Page(text);
        else AtomicFile.Write(path, text, isPublic);
    }

    private DocumentHead Head(int status, bool isInterrupted) => new(kind, isInterrupted ? RunResult.Interrupted : ResultOf(status), status, started, clock.Elapsed)
    {
        Version = CommandContext.Version,
        Who = CommandContext.Who,
        ConfigPath = configPath,
        Error = error,
        Message = error?.Message ?? message,
        Warnings = [.. configured?.Problems.Where(problem => problem.IsWarning) ?? []],
    };

    private RunResult ResultOf(int status) => (status, kind, error) switch
    {
        (ExitStatus.Success, _, _) => RunResult.Ok,
        (_, _, RunError.NotWritten or RunError.EarlierUnfinished) => RunResult.Incomplete,
        (_, _, not null) => RunResult.Refused,
        (ExitStatus.NotWell, DocumentKind.Comparison or DocumentKind.Status or DocumentKind.Doctor or DocumentKind.Cluster, _) => RunResult.Findings,
        _ => RunResult.Incomplete,
    };

    private void Body(Utf8JsonWriter writer)
    {
        switch (kind)
        {
            case DocumentKind.Comparison:
                if (comparison is not null) CompareJson.Write(writer, comparison);
                break;
            case DocumentKind.Status:
                if (comparison is not null) ClusterStatusJson.Write(writer, comparison);
                break;
            case DocumentKind.Doctor:
                if (diagnosis is not null) DoctorJson.Write(writer, diagnosis);
                break;
            case DocumentKind.Cluster:
                if (roles is not null) RolesJson.Write(writer, roles);
                if (moved is { } ended) RolesJson.Write(writer, ended.Wish, ended.Outcome);
                break;
            case DocumentKind.History:
                if (kept is { } known) HistoryJson.Write(writer, known.Histories, known.Recorded);
                break;
            default:
                RunJson.Write(writer, body);
                break;
        }
    }
}
