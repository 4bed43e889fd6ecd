using System.CommandLine;
using ConfSync.Cli;
using ConfSync.Cli.Commands;
using ConfSync.Platform;
using ConfSync.Timing;

Output.Streams = Posix.KeepStandardStreams();
var timeline = new Timeline();
var start = StartDirectory.Leave();

using var interruption = new Interruption();
interruption.Listen();
var commandLine = new CommandLine(options => new CommandRunner(options, start, timeline, interruption), start);
var call = commandLine.Root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (commandLine.LookalikeIn(args) is { } lookalike)
{
    using var complaint = new Output(logFile: null);
    complaint.Error($"nginx-sync: {Texts.Shown(lookalike)}\nTry: {CommandLine.HelpFor(call)}");
    return commandLine.StatusOfWrong(call);
}
if (call.Errors.Count > 0)
{
    using var complaint = new Output(logFile: null);
    foreach (var error in call.Errors) complaint.Error($"nginx-sync: {Texts.Shown(CommandLine.Words(error))}");
    var help = CommandLine.HelpFor(call);
    complaint.Error(
        CommandLine.Meant(call) is { } meant ? $"Did you mean: {meant}? See {help}"
        : commandLine.AsNode(call) is { } asNode ? $"If that is a node: {Texts.Shown(asNode)}. See {help}"
        : $"Try: {help}");
    return commandLine.StatusOfWrong(call);
}
// Help and version; all else is Output's.
using var page = new StringWriter();
var invocation = new InvocationConfiguration
{
    ProcessTerminationTimeout = null,
    EnableDefaultExceptionHandler = false,
    Output = page,
};
var status = await call.InvokeAsync(invocation, interruption.Token);
if (page.ToString() is { Length: > 0 } text)
{
    using var pages = new Output(logFile: null);
    pages.Page(text);
    if (pages.IsIncomplete) status = ExitStatus.NotWritten;
}
return interruption.Status ?? status;
