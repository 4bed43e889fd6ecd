using ConfSync.Configuration;
using ConfSync.Protocol;
using ConfSync.Transport;
using ConfSync.Trees;

namespace ConfSync.Runs;

/// <summary>Looks at the nginx of this machine, before there is a configuration file.</summary>
internal static class SetupRun
{
    /// <param name="sudo">Where the user is not root, commands run under sudo.</param>
    /// <exception cref="PeerException">This machine could not be looked at.</exception>
    public static async Task<NginxCheckup> FindNginxAsync(SyncConfig config, bool sudo, string who, CancellationToken cancellation)
    {
        await using var session = new DoctorSession(new LocalShell(), sudo, who, PeerSettings.Of(config, reload: false), config.ConfPaths, ExcludeRules.None);
        await session.ConnectAsync(cancellation);
        var checkup = await session.ExamineAsync(cancellation);
        await session.CloseAsync();
        return checkup.Nginx;
    }
}
