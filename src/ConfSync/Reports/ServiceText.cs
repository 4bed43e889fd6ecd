using ConfSync.Bytes;
using ConfSync.Events;
using ConfSync.Protocol;

namespace ConfSync.Reports;

/// <summary>What people read of the services of a node. Pure.</summary>
internal static class ServiceText
{
    /// <summary>Each service's outcome; where nginx alone takes part, that of the node.</summary>
    public static IEnumerable<ServiceOutcome> Of(NodeReport report, ReloadOutcome? reload) =>
        report.Services.IsEmpty ? [new ServiceOutcome(report.NginxName, reload)] : report.Services;

    /// <summary>The services whose configuration was tested: those that were not left alone.</summary>
    public static string Tested(NodeReport report)
    {
        var tested = report.Services.Where(service => service.WasAffected).Select(service => PosixText.Printable(service.Name)).ToList();
        return tested.Count == 0 ? report.NginxName : string.Join(" and ", tested);
    }

    /// <summary>Why it is no problem that a service does not run.</summary>
    public static string NotExpected(NodeReport report) =>
        report.Down.Any() || report.Services.Any(service => service is { IsExpected: true }) ? "it is not in EXPECT_RUNNING" : "EXPECT_RUNNING=no";

    /// <summary>A service does not run that is to run.</summary>
    public static string Down(NodeReport report, string service)
    {
        var what = report is NodeReport.WouldUpdate ? "nothing would serve the configuration there" : "nothing serves the configuration there";
        return $"nginx-sync: {report.Node}: {service.ToUpperInvariant()} IS NOT RUNNING, and {what}:\n  {Cure(report, service)}";
    }

    private static string Cure(NodeReport report, string service)
    {
        if (service != report.NginxName) return "start it there. Where it is stopped on purpose, name only the other services in EXPECT_RUNNING";
        var start = report.Notes.OfType<NodeNote.OtherNginx>().Any()
            ? "another nginx runs there: see that NGINX and PIDFILE name the one that is meant"
            : $"start it there, after {service} -t";
        return $"{start}. Where it is stopped on purpose, set EXPECT_RUNNING=no";
    }

    /// <summary>Which services do not run that are to, and on which nodes, a clause each.</summary>
    public static IEnumerable<string> Down(IEnumerable<NodeReport> reports) =>
        from report in reports
        from service in report.Down
        group report.Node by service into nodes
        select $"{nodes.Key} is not running on {string.Join(' ', nodes)}";
}
