using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ConfSync.Cli.Commands;
using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Cli;

/// <summary><c>--version</c>: the version and the commit alone in the first line, which programs read; then the build, the protocol and
/// what makes the logins.</summary>
internal sealed class VersionAction : AsynchronousCommandLineAction
{
    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var ssh = await TransportVersions.OfSshAsync(SyncConfig.DefaultSsh) ?? "does not run";
        var build = RuntimeFeature.IsDynamicCodeSupported ? "portable" : "native";
        parseResult.InvocationConfiguration.Output.Write($"""
            {CommandContext.Version}
            build: {build}, {RuntimeInformation.RuntimeIdentifier}, .NET {Environment.Version}
            protocol: {Conversation.Version}
            logins: {SyncConfig.DefaultSsh} ({Texts.Shown(ssh)}); {TransportVersions.Library}

            """);
        return ExitStatus.Success;
    }
}
