// Tests of one class share nothing with those of another one. Many wait for limits of one to six seconds.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
