using ConfSync.Protocol;
using ConfSync.Transport;

namespace ConfSync.Runs;

/// <summary>How far a login came: each check needs those before it. Pure.</summary>
internal static class LoginChecks
{
    private static readonly DoctorCheck[] Way =
        [DoctorCheck.Name, DoctorCheck.Route, DoctorCheck.Port, DoctorCheck.HostKey, DoctorCheck.Login, DoctorCheck.Sudo];

    public static IEnumerable<Finding> Of(Examination node)
    {
        if (node.Checkup is { } checkup)
        {
            foreach (var check in Way.Where(check => check != DoctorCheck.Login)) yield return new Finding.Passed(check);
            yield return new Finding.LoggedIn(checkup.Logins.FirstOrDefault(), node.LoginTook);
            yield break;
        }
        var failure = node.Failure!;
        // A machine that logs in and does not run the script has passed all that comes before.
        var failed = failure.Failure == PeerFailure.Connect ? CheckOf(failure.Transport ?? TransportFailure.Unknown) : DoctorCheck.Push;
        foreach (var check in Way.TakeWhile(check => check != failed)) yield return new Finding.Passed(check);
        yield return new Finding.NotReached(failed, failure.Message, failure.Advice);
    }

    private static DoctorCheck CheckOf(TransportFailure failure) => failure switch
    {
        TransportFailure.NameUnknown or TransportFailure.NotStarted or TransportFailure.ConfigurationUnsafe or TransportFailure.ConfigurationWrong =>
            DoctorCheck.Name,
        TransportFailure.NoRoute or TransportFailure.TimedOut => DoctorCheck.Route,
        TransportFailure.Refused or TransportFailure.HungUp or TransportFailure.NoCommonAlgorithm => DoctorCheck.Port,
        TransportFailure.HostKeyUnknown or TransportFailure.HostKeyChanged or TransportFailure.HostKeyRevoked => DoctorCheck.HostKey,
        TransportFailure.SudoPassword or TransportFailure.SudoTerminal or TransportFailure.SudoNotAllowed or TransportFailure.SudoMissing =>
            DoctorCheck.Sudo,
        _ => DoctorCheck.Login,
    };
}
