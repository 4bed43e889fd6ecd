using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ConfSync.Inventory;
using ConfSync.Platform;
using ConfSync.Services;
using ConfSync.Transport;

namespace ConfSync.Protocol;

/// <summary>A session with a machine that becomes a member of a cluster: it asks what is there, and starts keepalived.</summary>
/// <param name="sudo">Where the login is not root's, everything is to run as root.</param>
/// <param name="who">The primary and its user.</param>
internal sealed partial class SetupSession(ITransport transport, bool sudo, string who, PeerSettings settings)
    : ScriptSession(transport, sudo, ConversationMode.Setup, settings.Services, RandomName.Of(8), who), ILogin
{
    private const int MostLinks = 4096;

    private Limit Limit => settings.HistoryLimit with { Phase = "the look at it" };

    public Task ConnectAsync(CancellationToken cancellation) => ExchangeAsync(PeerSettings.LoginLimit, async () =>
    {
        Conversation.Request("set", "step-timeout", PeerSettings.Seconds(settings.StepTimeout));
        if (settings.Services.All.FirstOrDefault(service => service.Definition == ServiceDefinition.Keepalived)?.Program is { } program)
        {
            Conversation.Request("set", "keepalived-file", program);
        }
        await Conversation.SendAsync(cancellation);
        await Conversation.ReadGreetingAsync(cancellation);
        return true;
    }, cancellation);

    public PeerException GivenUp(TimeSpan limit) => Conversation.NotGreeted($"no answer within {limit.TotalSeconds} s (CONNECT_TIMEOUT)", status: -1);

    /// <summary>What the machine has.</summary>
    public Task<MachineSetup> LookAsync(CancellationToken cancellation) => ExchangeAsync(Limit, async () =>
    {
        var setup = new MachineSetup("", KeepalivedPresence.Unknown, HasProgram: false, null, []);
        Conversation.Request("setup");
        await Conversation.SendAsync(cancellation);
        await ReadToOkAsync("setup", answer => setup = With(setup, answer), cancellation);
        return setup;
    }, cancellation);

    /// <summary>Starts keepalived where it does not run.</summary>
    /// <returns>By what it was started: <c>systemd</c>, <c>openrc</c>, <c>program</c>, or <c>running</c>; null where it did not start. Then
    /// what was said.</returns>
    public Task<(string? By, string Words)> StartAsync(CancellationToken cancellation) => ExchangeAsync(Limit, async () =>
    {
        var words = "";
        Conversation.Request("start");
        await Conversation.SendAsync(cancellation);
        var by = await ReadToOkAsync("start", answer => words = answer is { Kind: "text", Tokens: ["failed", ..] } ? answer.Text : throw Unexpected(answer), cancellation);
        return (by is "systemd" or "openrc" or "program" or "running" ? by : null, words);
    }, cancellation);

    private static MachineSetup With(MachineSetup setup, Answer answer) => answer switch
    {
        { Kind: "keepalived", Tokens: ["-"] } => setup with { Keepalived = KeepalivedPresence.Stopped },
        { Kind: "keepalived", Tokens: ["unknown"] } => setup with { Keepalived = KeepalivedPresence.Unknown },
        { Kind: "keepalived", Tokens: [_] } => setup with { Keepalived = KeepalivedPresence.Running },
        { Kind: "program", Tokens: [_] } => setup with { HasProgram = true },
        { Kind: "name", Tokens: [var name] } => setup with { Name = NameForm().IsMatch(name) ? name : "" },
        { Kind: "default", Tokens: [var link] } when LinkForm().IsMatch(link) => setup with { DefaultLink = setup.DefaultLink ?? link },
        { Kind: "link", Tokens: [var link, var address] } when LinkForm().IsMatch(link) && setup.Links.Length < MostLinks && LinkIn(link, address) is { } found =>
            setup with { Links = setup.Links.Add(found) },
        _ => throw Unexpected(answer),
    };

    // An address of a point-to-point link has no net.
    private static MachineLink? LinkIn(string link, string text)
    {
        var parts = text.Split('/', 2);
        if (!AddressForm().IsMatch(parts[0]) || !IPAddress.TryParse(parts[0], out var address)) return null;
        return new MachineLink(link, address, parts is [_, var bits] && int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) ? prefix : null);
    }

    [GeneratedRegex(@"^[0-9A-Fa-f:.]{2,45}\z")]
    private static partial Regex AddressForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[A-Za-z0-9._@-]{1,15}\z")]
    private static partial Regex LinkForm();
}
