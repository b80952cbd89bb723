using System.Collections.Frozen;

namespace Slipway.Governance.Scanners;

/// <summary>
/// The globals that a pickle may name: types and functions that rebuild values and do nothing else. Whatever is not here
/// is unsafe; the list of known dangers only makes the sentence clearer. A library of estimators is allowed by the names
/// of its classes, below its package, because a name such as <c>Parallel</c> that a module merely imports is no estimator.
/// </summary>
internal static class PickleGlobals
{
    private static readonly FrozenSet<string> Exact = Set(
        "builtins:set frozenset slice complex bytearray bytes object int float str bool list dict tuple range Ellipsis NotImplemented",
        "__builtin__:set frozenset slice complex bytearray bytes object int long float str unicode bool list dict tuple xrange Ellipsis NotImplemented",
        "copyreg:_reconstructor __newobj__",
        "copy_reg:_reconstructor __newobj__",
        "_codecs:encode",
        "collections:OrderedDict defaultdict deque Counter",
        "datetime:date datetime time timedelta timezone",
        "decimal:Decimal",
        "fractions:Fraction",
        "uuid:UUID",
        "array:_array_reconstructor",
        "pathlib:PurePosixPath PureWindowsPath",
        "numpy:ndarray dtype matrix bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 "
            + "complex64 complex128 str_ bytes_ datetime64 timedelta64 void longlong ulonglong intc uintc",
        "numpy.core.multiarray:_reconstruct scalar",
        "numpy._core.multiarray:_reconstruct scalar",
        "numpy.core.numeric:_frombuffer",
        "numpy._core.numeric:_frombuffer",
        "numpy.ma.core:_mareconstruct MaskedArray MaskedConstant",
        "numpy.random._pickle:__randomstate_ctor __generator_ctor __bit_generator_ctor",
        "numpy.random.mtrand:RandomState",
        "numpy.random._mt19937:MT19937",
        "numpy.random._pcg64:PCG64",
        "numpy.dtypes:Float64DType Float32DType Int64DType Int32DType BoolDType StrDType",
        "joblib.numpy_pickle:NumpyArrayWrapper",
        "scipy.sparse._csr:csr_matrix csr_array",
        "scipy.sparse._csc:csc_matrix csc_array",
        "scipy.sparse._coo:coo_matrix coo_array",
        "scipy.sparse.csr:csr_matrix",
        "scipy.sparse.csc:csc_matrix",
        "scipy.sparse.coo:coo_matrix",
        "pandas.core.frame:DataFrame",
        "pandas.core.series:Series",
        "pandas.core.internals.managers:BlockManager SingleBlockManager",
        "pandas.core.internals.blocks:new_block",
        "pandas._libs.internals:_unpickle_block",
        "pandas._libs.arrays:__pyx_unpickle_NDArrayBacked",
        "pandas.core.indexes.base:Index _new_Index",
        "pandas.core.indexes.range:RangeIndex",
        "pandas.core.indexes.numeric:Int64Index Float64Index UInt64Index",
        "pandas.core.indexes.multi:MultiIndex",
        "pandas.core.indexes.datetimes:DatetimeIndex _new_DatetimeIndex",
        "pandas.core.arrays.categorical:Categorical",
        "pandas.core.dtypes.dtypes:CategoricalDtype",
        "torch:Size device dtype FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage "
            + "CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage float32 float64 float16 bfloat16 "
            + "int64 int32 int16 int8 uint8 bool complex64 complex128 Tensor per_tensor_affine per_channel_affine",
        "torch._utils:_rebuild_tensor _rebuild_tensor_v2 _rebuild_parameter _rebuild_qtensor _rebuild_sparse_tensor "
            + "_rebuild_device_tensor_from_numpy",
        "torch._tensor:_rebuild_from_type_v2",
        "torch.nn.parameter:Parameter Buffer",
        "torch.storage:UntypedStorage TypedStorage",
        "torch.serialization:_get_layout",
        "sklearn.metrics._dist_metrics:newObj",
        "sklearn.neighbors._kd_tree:newObj",
        "sklearn.neighbors._ball_tree:newObj",
        "sklearn._loss._loss:__pyx_unpickle_CyHalfSquaredError __pyx_unpickle_CyHalfBinomialLoss "
            + "__pyx_unpickle_CyHalfMultinomialLoss __pyx_unpickle_CyAbsoluteError __pyx_unpickle_CyPinballLoss "
            + "__pyx_unpickle_CyHalfPoissonLoss",
        "xgboost.core:Booster",
        "xgboost.sklearn:XGBModel XGBClassifier XGBRegressor XGBRanker XGBRFClassifier XGBRFRegressor",
        "lightgbm.basic:Booster",
        "lightgbm.sklearn:LGBMModel LGBMClassifier LGBMRegressor LGBMRanker"
    );

    private static readonly FrozenSet<string> Estimators = Words(
        "LinearRegression Ridge RidgeCV RidgeClassifier RidgeClassifierCV Lasso LassoCV LassoLars LassoLarsCV ElasticNet ElasticNetCV "
            + "Lars LarsCV BayesianRidge ARDRegression LogisticRegression LogisticRegressionCV SGDClassifier SGDRegressor "
            + "Perceptron PassiveAggressiveClassifier PassiveAggressiveRegressor HuberRegressor TheilSenRegressor RANSACRegressor "
            + "PoissonRegressor GammaRegressor TweedieRegressor QuantileRegressor MultiTaskLasso MultiTaskElasticNet "
            + "OrthogonalMatchingPursuit RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor "
            + "GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier HistGradientBoostingRegressor "
            + "AdaBoostClassifier AdaBoostRegressor BaggingClassifier BaggingRegressor VotingClassifier VotingRegressor "
            + "StackingClassifier StackingRegressor IsolationForest RandomTreesEmbedding DecisionTreeClassifier DecisionTreeRegressor "
            + "ExtraTreeClassifier ExtraTreeRegressor Tree BestSplitter RandomSplitter TreePredictor _BinMapper SVC SVR NuSVC NuSVR "
            + "LinearSVC LinearSVR OneClassSVM KNeighborsClassifier KNeighborsRegressor RadiusNeighborsClassifier "
            + "RadiusNeighborsRegressor NearestNeighbors NearestCentroid LocalOutlierFactor KDTree BallTree KernelDensity GaussianNB "
            + "MultinomialNB BernoulliNB ComplementNB CategoricalNB StandardScaler MinMaxScaler MaxAbsScaler RobustScaler Normalizer "
            + "Binarizer OneHotEncoder OrdinalEncoder TargetEncoder LabelEncoder LabelBinarizer MultiLabelBinarizer "
            + "PolynomialFeatures SplineTransformer PowerTransformer QuantileTransformer KBinsDiscretizer KernelCenterer Pipeline "
            + "FeatureUnion ColumnTransformer TransformedTargetRegressor PCA IncrementalPCA KernelPCA TruncatedSVD NMF FastICA "
            + "FactorAnalysis LatentDirichletAllocation KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering Birch "
            + "SpectralClustering MeanShift GaussianMixture BayesianGaussianMixture SelectKBest SelectPercentile SelectFromModel "
            + "VarianceThreshold RFE RFECV SequentialFeatureSelector DictVectorizer FeatureHasher CountVectorizer TfidfVectorizer "
            + "TfidfTransformer HashingVectorizer SimpleImputer KNNImputer IterativeImputer MissingIndicator MLPClassifier "
            + "MLPRegressor LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis GaussianProcessClassifier "
            + "GaussianProcessRegressor RBF ConstantKernel WhiteKernel Matern Sum Product CalibratedClassifierCV "
            + "_CalibratedClassifier _SigmoidCalibration IsotonicRegression KernelRidge OneVsRestClassifier OneVsOneClassifier "
            + "MultiOutputClassifier MultiOutputRegressor ClassifierChain RegressorChain GridSearchCV RandomizedSearchCV "
            + "DummyClassifier DummyRegressor PLSRegression CCA GaussianRandomProjection SparseRandomProjection Isomap "
            + "LocallyLinearEmbedding TSNE MDS EmpiricalCovariance EllipticEnvelope LedoitWolf MinCovDet Bunch KFold "
            + "StratifiedKFold GroupKFold TimeSeriesSplit LossFunctionMixin BinomialDeviance MultinomialDeviance "
            + "LeastSquaresError HalfSquaredError HalfBinomialLoss HalfMultinomialLoss AbsoluteError PinballLoss HalfPoissonLoss "
            + "CyHalfSquaredError CyHalfBinomialLoss CyHalfMultinomialLoss CyAbsoluteError CyPinballLoss CyHalfPoissonLoss "
            + "IdentityLink LogitLink LogLink MultinomialLogit Interval Log Hinge ModifiedHuber SquaredHinge SquaredLoss "
            + "EuclideanDistance EuclideanDistance64 EuclideanDistance32 MinkowskiDistance MinkowskiDistance64 ManhattanDistance64"
    );

    private static readonly FrozenSet<string> Dangerous = Words(
        "os posix nt sys builtins __builtin__ subprocess commands pty socket ssl shutil runpy importlib imp pip pkgutil code codeop "
            + "ctypes cffi webbrowser asyncio multiprocessing concurrent threading _thread timeit pdb bdb cProfile profile trace "
            + "operator _operator functools _functools types cloudpickle dill pickle _pickle marshal shelve tempfile urllib http "
            + "httplib requests aiohttp httpx ftplib smtplib poplib imaplib telnetlib xmlrpc socketserver uuid _pyrepl idlelib "
            + "lib2to3 distutils setuptools ensurepip venv doctest unittest test pydoc inspect gc signal nturl2path linecache "
            + "io _io codecs pathlib glob platform getpass logging sqlite3 zipimport antigravity numpy.testing numpy.f2py "
            + "numpy.distutils numpy.load torch.hub torch.utils torch.jit torch.load joblib.memory joblib.parallel jax keras "
            + "tensorflow mlflow"
    );

    public static bool IsAllowed(PickleValue.Global global) =>
        Exact.Contains($"{global.Module}:{global.Name}")
        || (global.Module == "sklearn" || global.Module.StartsWith("sklearn.", StringComparison.Ordinal))
            && Estimators.Contains(global.Name);

    /// <summary>Known to run commands, load code or reach out.</summary>
    public static bool IsDangerous(PickleValue.Global global)
    {
        for (var module = global.Module; ; module = module[..module.LastIndexOf('.')])
        {
            if (Dangerous.Contains(module))
                return true;
            if (!module.Contains('.'))
                return false;
        }
    }

    private static FrozenSet<string> Set(params string[] lines) =>
        lines
            .SelectMany(line =>
                line[(line.IndexOf(':') + 1)..]
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(name => $"{line[..line.IndexOf(':')]}:{name}")
            )
            .ToFrozenSet(StringComparer.Ordinal);

    private static FrozenSet<string> Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
