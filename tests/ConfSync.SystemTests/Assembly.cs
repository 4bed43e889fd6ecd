using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]
// Every test has a lab of its own, so all of them could run at once.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[assembly: LevelOfParallelism(2)]
