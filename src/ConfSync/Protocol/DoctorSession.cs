using System.Collections.Immutable;
using ConfSync.Bytes;
using ConfSync.Platform;
using ConfSync.Services;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Protocol;

/// <summary>A session that asks a machine what a push would need of it. Nothing is changed there.</summary>
/// <param name="sudo">Where the login is not root's, everything is to run as root.</param>
/// <param name="who">The primary and its user.</param>
/// <param name="paths">CONFPATHS.</param>
internal sealed class DoctorSession(
    ITransport transport, bool sudo, string who, PeerSettings settings, IReadOnlyCollection<string> paths, ExcludeRules exclude)
    : ScriptSession(transport, sudo, ConversationMode.Doctor, ServicesOf(settings), RandomName.Of(8), who), ILogin
{
    // A doctor looks at nginx in any case.
    private static ServiceSet ServicesOf(PeerSettings settings) => settings.Services.Nginx is null ? ServiceSet.Default : settings.Services;

    // Each costs a process or two there.
    private const int MostCertificates = 500;

    private Limit Limit => settings.HistoryLimit with { Phase = "the look at it", Time = settings.HistoryLimit.Time + settings.TestTimeout };

    public Task ConnectAsync(CancellationToken cancellation) => ExchangeAsync(PeerSettings.LoginLimit, async () =>
    {
        RequestServices(ServicesOf(settings));
        Conversation.Request("set", "backup", settings.BackupDirectory);
        Conversation.Request("set", "test-timeout", PeerSettings.Seconds(settings.TestTimeout));
        Conversation.Request("set", "step-timeout", PeerSettings.Seconds(settings.StepTimeout));
        RequestPaths(paths);
        Conversation.Request("doctor");
        await Conversation.SendAsync(cancellation);
        await Conversation.ReadGreetingAsync(cancellation);
        return true;
    }, cancellation);

    public PeerException GivenUp(TimeSpan limit) => Conversation.NotGreeted($"no answer within {limit.TotalSeconds} s (CONNECT_TIMEOUT)", status: -1);

    /// <summary>What the machine says of itself, with the certificates of its nginx.</summary>
    public async Task<Checkup> ExamineAsync(CancellationToken cancellation)
    {
        var checkup = await ExchangeAsync(Limit, async () =>
        {
            var reader = new CheckupReader();
            await ReadToOkAsync("doctor", reader.Add, cancellation);
            return reader.Checkup;
        }, cancellation);
        return checkup with { Nginx = await ExchangeAsync(Limit, () => WithFilesAsync(checkup.Nginx, cancellation), cancellation) };
    }

    /// <inheritdoc cref="LookingSession.StatusAsync"/>
    public Task<PeerStatus> StatusAsync(CancellationToken cancellation) => ExchangeAsync(settings.HistoryLimit, async () =>
    {
        Conversation.Request("status");
        var reader = new StatusReader(DateTimeOffset.UtcNow);
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("status", reader.Add, cancellation);
        return reader.Status;
    }, cancellation);

    /// <summary>What a push begins with.</summary>
    /// <exception cref="PeerException">A push would be refused there.</exception>
    public Task<Scan> BeginAsync(CancellationToken cancellation) => ExchangeAsync(settings.BeginLimit, async () =>
    {
        Conversation.Request("begin");
        RequestScanOf(paths, exclude, identified: false);
        var reader = new FactsReader();
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("begin", reader.Add, cancellation);
        Conversation.Expect(settings.ScanLimit);
        return await ReadScanAsync(paths, exclude, cancellation);
    }, cancellation);

    // All requests are sent together; the answers come in their order.
    private async Task<NginxCheckup> WithFilesAsync(NginxCheckup nginx, CancellationToken cancellation)
    {
        var certificates = nginx.Configuration.Certificates.Take(MostCertificates).ToList();
        var pidFile = nginx.Configuration.PidFile ?? (nginx.Master is null ? null : CheckupReader.ArgumentIn(nginx.Build, "pid-path"));
        foreach (var path in certificates) Conversation.Request("certificate", path);
        if (pidFile is not null) Conversation.Request("pid", PosixPath.Normalized(pidFile));
        if (certificates.Count > 0 || pidFile is not null) await Conversation.SendAsync(cancellation);
        var files = ImmutableArray.CreateBuilder<CertificateFile>();
        foreach (var path in certificates) files.Add(new CertificateFile(path, await ReadCertificateAsync(cancellation)));
        var pid = pidFile is null ? "-" : await ReadToOkAsync("pid", null, cancellation);
        return nginx with
        {
            Configuration = nginx.Configuration with { PidFile = pidFile },
            Certificates = files.ToImmutable(),
            PidInFile = int.TryParse(pid, out var number) ? number : null,
        };
    }

    private async Task<string> ReadCertificateAsync(CancellationToken cancellation)
    {
        var text = "";
        await ReadToOkAsync("certificate", answer => text = answer.Text, cancellation);
        return text;
    }
}
