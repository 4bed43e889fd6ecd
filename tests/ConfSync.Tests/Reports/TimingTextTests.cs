using ConfSync.Inventory;
using ConfSync.Protocol;
using ConfSync.Reports;
using ConfSync.Timing;

namespace ConfSync.Tests.Reports;

public sealed class TimingTextTests
{
    [Test]
    public void Each_step_says_when_it_began_and_how_long_it_took_node_by_node()
    {
        var (one, two) = (SampleNodes.Of("one"), SampleNodes.Of("two"));
        StepTime[] steps =
        [
            new(two, TimedStep.Login, Ms(30), Ms(1230.06)), new(null, TimedStep.PrimaryScan, Ms(10.25), Ms(50)),
            new(one, TimedStep.Scan, Ms(200), Ms(205)), new(one, TimedStep.Login, Ms(25), Ms(200)),
        ];
        var lines = TimingText.Lines(
            Ms(60), Ms(1500), steps, [one, two],
            new Dictionary<Node, Traffic> { [one] = new(41234, 512, 4) },
            new Dictionary<Node, TestedNginx> { [one] = new(7, "/usr/sbin/nginx", "/etc/nginx/nginx.conf") });
        Assert.That(string.Join('\n', lines), Is.EqualTo("""
            milliseconds                       from      for
            primary
              start of the program              0.0     60.0
              scan                             70.2     39.8
            one
              login                            85.0    175.0
              begin, scan                     260.0      5.0
              nginx: PID 7, /usr/sbin/nginx, /etc/nginx/nginx.conf
              41234 bytes sent, 512 received, 4 round trips
            two
              login                            90.0   1200.1
            all                                 0.0   1560.0
            """));
    }

    [Test]
    public void Every_step_has_a_name_of_its_own() => Assert.That(Enum.GetValues<TimedStep>().Select(TimingText.Of), Is.Unique);

    [Test]
    public void Several_sessions_with_a_node_are_counted_together()
    {
        var timeline = new Timeline();
        timeline.Add(SampleNodes.Of("one"), new Traffic(1, 10, 100));
        timeline.Add(SampleNodes.Of("one"), new Traffic(2, 20, 200));
        Assert.That(timeline.Traffic[SampleNodes.Of("one")], Is.EqualTo(new Traffic(3, 30, 300)));
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
